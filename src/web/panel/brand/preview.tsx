import type { CSSProperties } from 'react'
import { readBuyUrl } from '../../../link/buy-url.ts'
import { useText } from '../../messages/use-text.ts'
import { inkOn } from './ink-on.ts'
import type { BrandOptions } from './types.ts'

interface Shown {
  readonly name: string
  readonly logoUrl: string | null
  readonly hasLink: boolean
  readonly phone: string
}

/** What customers will see of what is being edited: the mail, the alert of a console, the header of their panel. */
export function Preview({
  options,
  logoUrl,
  tenantName,
}: {
  options: BrandOptions
  logoUrl: string | null
  tenantName: string
}) {
  const { t } = useText()
  const typed = (options.color ?? '').replace(/^#/, '')
  const colour = /^[0-9a-f]{6}$/i.test(typed) ? `#${typed}` : '#1f5fbf'
  const shown: Shown = {
    name: options.serviceName?.trim() || options.companyName?.trim() || tenantName,
    logoUrl,
    hasLink: 'url' in readBuyUrl(options.upsellUrl),
    phone: options.supportPhone?.trim() ?? '',
  }
  // A custom property set by script is no inline style of the document.
  const look = { '--preview-colour': colour, '--preview-ink': inkOn(colour) } as CSSProperties
  return (
    <div className="stack stack-5" style={look}>
      <h2>{t('brand.preview')}</h2>
      <figure className="stack stack-2">
        <figcaption className="eyebrow">{t('brand.preview_mail')}</figcaption>
        <MailPreview {...shown} />
      </figure>
      <figure className="stack stack-2">
        <figcaption className="eyebrow">{t('brand.preview_alert')}</figcaption>
        <div className="preview-alert">
          <p className="preview-strong">{t('brand.sample_title')}</p>
          <p>{t('brand.sample_usage')}</p>
          <Way {...shown} />
        </div>
      </figure>
      <figure className="stack stack-2">
        <figcaption className="eyebrow">{t('brand.preview_header')}</figcaption>
        <div className="preview-header">
          {shown.logoUrl ? (
            <img src={shown.logoUrl} alt={shown.name} />
          ) : (
            <span className="preview-strong">{shown.name}</span>
          )}
          <span className="preview-usage">{t('brand.sample_usage')}</span>
          <Way {...shown} />
        </div>
      </figure>
    </div>
  )
}

function MailPreview(shown: Shown) {
  const { t } = useText()
  return (
    <div className="preview-mail">
      <p className="preview-strong">{shown.name}</p>
      <div className="preview-mail-card">
        <p className="preview-mail-title">{t('brand.sample_title')}</p>
        <p>{t('brand.sample_text', { name: shown.name })}</p>
        <Way {...shown} />
      </div>
    </div>
  )
}

/** A button that leads nowhere here, or whom to ask. */
function Way({ hasLink, phone }: Shown) {
  const { t } = useText()
  if (hasLink) return <span className="preview-button">{t('brand.sample_buy')}</span>
  return <p>{phone ? t('brand.sample_contact_phone', { phone }) : t('brand.sample_contact')}</p>
}

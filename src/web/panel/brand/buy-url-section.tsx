import { useState } from 'react'
import { readBuyUrl } from '../../../link/buy-url.ts'
import { upsellLink } from '../../../link/upsell-link.ts'
import { alertOriginOf, tokenOf } from '../../../link/upsell-names.ts'
import { CopyButton } from '../../design/copy.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { useSession } from '../session.ts'
import { OptionField } from './look-sections.tsx'
import type { Editing } from './types.ts'

const USAGES = ['storage', 'workstations', 'servers', 'vms', 'mobiles'] as const

/** The Buy URL, what is wrong with it, and the exact link that a click would follow. */
export function BuyUrlSection(editing: Editing) {
  const { t } = useText()
  const { upsellUrl } = editing.options
  const reading = readBuyUrl(upsellUrl)
  return (
    <section className="card stack">
      <h2>{t('brand.buy_url')}</h2>
      <p className="muted">{t('brand.buy_url_lead')}</p>
      <OptionField {...editing} name="upsellUrl" field="upsell_url" hint={t('brand.buy_url_hint')} />
      {'problem' in reading ? (
        <Notice tone={reading.problem === 'empty' ? 'info' : 'warn'} live>
          <p>
            {t(
              (
                {
                  empty: 'brand.buy_url_empty',
                  not_a_web_address: 'brand.buy_url_unusable',
                  credentials: 'brand.buy_url_credentials',
                } as const
              )[reading.problem],
            )}
          </p>
        </Notice>
      ) : (
        <TestClick buyUrl={upsellUrl} />
      )}
    </section>
  )
}

type Place = 'alert' | 'email' | 'header'

/** Numbers of nobody in particular: the signed-in person's own, and one that can be typed. */
function TestClick({ buyUrl }: { buyUrl: string | null }) {
  const { t } = useText()
  const { user } = useSession()
  const [place, setPlace] = useState<Place>('alert')
  const [usage, setUsage] = useState<string>(USAGES[0])
  const [tenant, setTenant] = useState('1001')
  const link = upsellLink(buyUrl, {
    origin: { alert: alertOriginOf(usage), email: 'email_notification', header: 'mc_usage_info' }[place],
    user_quotas: [],
    tenant_quotas: [tokenOf(usage)],
    user_account_id: BigInt(user?.number ?? 1),
    tenant_id: /^\d{1,15}$/.test(tenant) ? BigInt(tenant) : 1001n,
    redirect_url: place === 'email' ? null : `${location.origin}/client`,
  })
  if (link === null) return null
  return (
    <div className="test-click stack">
      <h3>{t('brand.test_click')}</h3>
      <p className="muted">{t('brand.test_click_hint')}</p>
      <div className="field-row">
        <SelectField
          label={t('brand.click_where')}
          name="click_where"
          value={place}
          onChange={(event) => setPlace(event.target.value as Place)}
          options={[
            { value: 'alert', label: t('brand.place_alert') },
            { value: 'email', label: t('brand.place_email') },
            { value: 'header', label: t('brand.place_header') },
          ]}
        />
        <SelectField
          label={t('brand.click_what')}
          name="click_what"
          value={usage}
          onChange={(event) => setUsage(event.target.value)}
          options={USAGES.map((value) => ({ value, label: t(`brand.usage_${value}`) }))}
        />
        <TextField
          label={t('brand.click_tenant')}
          name="click_tenant"
          inputMode="numeric"
          value={tenant}
          onChange={(event) => setTenant(event.target.value)}
        />
      </div>
      <p className="exact-link mono" data-testid="exact-link">
        {link}
      </p>
      <div className="cluster">
        <a className="button button-small" href={link} target="_blank" rel="noreferrer">
          {t('brand.open_link')}
        </a>
        <CopyButton value={link} name={t('brand.exact_link')} />
      </div>
    </div>
  )
}

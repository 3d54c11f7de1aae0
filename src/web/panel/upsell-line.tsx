import { useText } from '../messages/use-text.ts'
import type { UpsellAction } from './upsell-types.ts'

/** The one thing a buyer can do about a quota; nothing for who is none. */
export function UpsellLine({ action, quiet = false }: { action: UpsellAction | undefined; quiet?: boolean }) {
  const { t } = useText()
  if (action === undefined || action.kind === 'none') return null
  if (action.kind === 'buy_now')
    return (
      <p>
        <a className={quiet ? 'button' : 'button button-primary'} href={action.url}>
          {action.text}
        </a>
      </p>
    )
  return (
    <p>
      {action.text}: {action.name || t('upsell.contact_nobody')}
      {action.email === null ? null : (
        <>
          {' '}
          <a href={`mailto:${action.email}`}>{action.email}</a>
        </>
      )}
      {action.phone === null ? null : (
        <>
          {' '}
          <a href={`tel:${action.phone.replace(/[^\d+]/g, '')}`}>{action.phone}</a>
        </>
      )}
    </p>
  )
}

import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Checkout } from '../types.ts'

/** Says what the account has already of this plan, before one orders it again by mistake. */
export function Existing({ checkout }: { checkout: Checkout }) {
  const { t } = useText()
  if (checkout.existing.length === 0) return null
  return (
    <Notice tone="warn" title={t('existing.title', { n: checkout.existing.length, plan: checkout.plan.name })}>
      <ul>
        {checkout.existing.map((subscription) => (
          <li key={subscription.subscriptionId}>
            <Link to={`/client/subscriptions/${subscription.subscriptionId}`}>{subscription.name}</Link>
          </li>
        ))}
      </ul>
      <p>{t('existing.text')}</p>
    </Notice>
  )
}

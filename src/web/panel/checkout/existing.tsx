import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import type { Checkout } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** A plan that can be had once, and is had already. */
export const isRefused = (checkout: Checkout): boolean =>
  checkout.secondSubscription === 'refuse' && checkout.existing.length > 0

/**
 * Says what the account has already of this plan, before one orders it again by mistake, and leads to what was more
 * likely meant: to change what runs into what the link asks for, to renew it now, or to add to the balance it is paid from.
 */
export function Existing({ checkout }: { checkout: Checkout }) {
  const { t } = useText()
  const navigate = useNavigate()
  const change = useOperation(
    useCallback(
      async (key: string, subscriptionId: string, intent: 'change' | 'renew') => {
        const wish =
          intent === 'renew'
            ? { renewal: {} }
            : { resources: checkout.resources.map(({ id, quantity }) => ({ id, quantity })) }
        const draft = await call<Checkout>('/checkouts', {
          method: 'POST',
          idempotencyKey: key,
          body: { subscriptionId, ...wish },
        })
        await navigate(`/client/checkouts/${draft.id}/confirm`)
      },
      [checkout.resources, navigate],
    ),
  )
  if (checkout.existing.length === 0) return null
  return (
    <Notice tone="warn" title={t('existing.title', { n: checkout.existing.length, plan: checkout.plan.name })}>
      <ErrorSummary error={change.error} failures={change.failures} />
      <ul className="stack stack-2">
        {checkout.existing.map(({ subscriptionId, name, intents }) => (
          <li key={subscriptionId} className="cluster">
            <Link to={`/client/subscriptions/${subscriptionId}`}>{name}</Link>
            {intents.map((intent) =>
              intent === 'top_up' ? (
                <Link key={intent} className="button button-small" to="/client/balance">
                  {t('existing.top_up')}
                </Link>
              ) : (
                <Button
                  key={intent}
                  size="small"
                  pending={change.pending}
                  onClick={() => void change.run(subscriptionId, intent)}
                >
                  {t(intent === 'renew' ? 'existing.renew' : 'existing.change')}
                </Button>
              ),
            )}
          </li>
        ))}
      </ul>
      <p>{t(isRefused(checkout) ? 'existing.refused' : 'existing.text')}</p>
    </Notice>
  )
}

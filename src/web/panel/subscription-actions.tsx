import { useCallback, useState } from 'react'
import { useNavigate, useRevalidator } from 'react-router'
import { Button } from '../design/button.tsx'
import { Dialog, preloadDialog } from '../design/dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { call } from './api.ts'
import { ErrorSummary } from './problems.tsx'
import { useSession } from './session.ts'
import type { Checkout, Subscription } from './types.ts'
import { useOperation } from './use-operation.ts'

/** What can be done with a subscription as it is now; nothing while something is under way. */
export function SubscriptionActions({
  subscription,
  area,
}: {
  subscription: Subscription
  area: '/client' | '/portal'
}) {
  const text = useText()
  const { t } = text
  const { scopes } = useSession()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [asks, setAsks] = useState(false)
  const { id, status } = subscription
  const operate = useOperation(
    useCallback(
      async (key: string, what: string, body: unknown = {}) => {
        await call(`/subscriptions/${id}${what}`, {
          method: what === '' ? 'PATCH' : 'POST',
          body,
          idempotencyKey: key,
        })
        setAsks(false)
        await revalidate()
      },
      [id, revalidate],
    ),
  )
  const draft = useOperation(
    useCallback(
      async (key: string) => {
        const made = await call<Checkout>('/checkouts', {
          method: 'POST',
          body: {
            subscriptionId: id,
            resources: subscription.resources.map((each) => ({ id: each.id, quantity: String(each.quantity) })),
          },
          idempotencyKey: key,
        })
        await navigate(`/client/changes/${made.id}`)
      },
      [id, subscription.resources, navigate],
    ),
  )
  const runs = status === 'active' || status === 'graced'
  const failed = status.endsWith('_failed') && subscription.operation?.byOrder === false
  const mayOperate = area === '/portal' && scopes.includes('subscriptions:operate')
  const mayWrite = area === '/client' && scopes.includes('subscriptions:write')
  const isPaidByTime = subscription.periodEndsAt !== null
  const changes = mayWrite && status === 'active' && !subscription.trial && isPaidByTime
  if (!(mayOperate && (runs || status === 'stopped' || failed)) && !(mayWrite && runs)) return null
  return (
    <section className="card stack no-print" aria-labelledby="manage">
      <h2 id="manage">{t('subscription.manage')}</h2>
      <ErrorSummary error={operate.error ?? draft.error} failures={operate.failures + draft.failures} />
      {failed && subscription.operation?.lastError ? (
        <p>{t('subscription.failed', { message: subscription.operation.lastError })}</p>
      ) : null}
      <div className="actions">
        {changes ? (
          <Button look="primary" pending={draft.pending} onClick={() => void draft.run()}>
            {t('subscription.change')}
          </Button>
        ) : null}
        {mayWrite && runs && isPaidByTime && !subscription.trial && !subscription.endsWithPeriod ? (
          <Button
            pending={operate.pending}
            onClick={() => void operate.run('', { autoRenew: !subscription.autoRenew })}
          >
            {t(subscription.autoRenew ? 'subscription.auto_renew_off' : 'subscription.auto_renew_on')}
          </Button>
        ) : null}
        {mayWrite && runs && subscription.endsWithPeriod ? (
          <Button look="primary" pending={operate.pending} onClick={() => void operate.run('/keep')}>
            {t('subscription.keep')}
          </Button>
        ) : null}
        {mayWrite && runs && !subscription.endsWithPeriod ? (
          <Button look="quiet" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsks(true)}>
            {t('subscription.cancel')}
          </Button>
        ) : null}
        {mayOperate && failed ? (
          <Button look="primary" pending={operate.pending} onClick={() => void operate.run('/retry')}>
            {t('subscription.retry')}
          </Button>
        ) : null}
        {mayOperate && status === 'stopped' ? (
          <Button pending={operate.pending} onClick={() => void operate.run('/resume')}>
            {t('subscription.resume')}
          </Button>
        ) : null}
        {mayOperate && runs ? (
          <Button pending={operate.pending} onClick={() => void operate.run('/stop')}>
            {t('subscription.stop')}
          </Button>
        ) : null}
      </div>
      <Dialog
        title={t('subscription.cancel_title', { name: subscription.name })}
        isOpen={asks}
        onClose={() => setAsks(false)}
      >
        <p>
          {t('subscription.cancel_text', {
            date: subscription.periodEndsAt ? text.date(subscription.periodEndsAt) : '',
          })}
        </p>
        <ErrorSummary error={operate.error} failures={operate.failures} />
        <div className="dialog-actions">
          <Button onClick={() => setAsks(false)}>{t('subscription.cancel_keep')}</Button>
          {isPaidByTime ? (
            <Button
              look="danger"
              pending={operate.pending}
              onClick={() => void operate.run('/cancel', { when: 'period_end' })}
            >
              {t('subscription.cancel_end')}
            </Button>
          ) : null}
          <Button look="danger" pending={operate.pending} onClick={() => void operate.run('/cancel', { when: 'now' })}>
            {t('subscription.cancel_now')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}

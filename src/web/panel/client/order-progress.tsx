import { Check, X } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Order } from '../types.ts'

type State = 'done' | 'now' | 'later' | 'failed'

/** How far an order is, in the customer's terms: ordered, paid, being set up, ready. */
export function OrderProgress({ order }: { order: Order }) {
  const { t } = useText()
  if (order.status === 'cancelled')
    return (
      <Notice tone="warn" title={t('progress.cancelled')}>
        <p>{order.cancelReason ?? t('progress.cancelled_text')}</p>
      </Notice>
    )
  const isPaid = order.status !== 'waiting_for_payment'
  const isReady = order.status === 'completed'
  const hasFailed = order.status === 'provisioning_failed'
  const steps: { key: string; state: State; title: string; text?: React.ReactNode }[] = [
    { key: 'ordered', state: 'done', title: t('progress.ordered'), text: <When at={order.createdAt} /> },
    ...(order.payment
      ? [
          {
            key: 'paid',
            state: (isPaid ? 'done' : 'now') as State,
            title: isPaid ? t('progress.paid') : t('progress.waiting'),
            text: isPaid ? null : (
              <>
                <Money value={order.payment.total} code /> ·{' '}
                <Link to={`/client/payments/${order.payment.id}`}>{t('home.how_to_pay')}</Link>
              </>
            ),
          },
        ]
      : []),
    {
      key: 'setup',
      state: hasFailed ? 'failed' : isReady ? 'done' : isPaid ? 'now' : 'later',
      title: hasFailed ? t('progress.failed') : isReady ? t('progress.set_up') : t('progress.setting_up'),
      text: hasFailed ? t('progress.failed_text') : isPaid && !isReady ? t('progress.setting_up_text') : null,
    },
    {
      key: 'ready',
      state: isReady ? 'done' : 'later',
      title: t('progress.ready'),
      text: isReady && order.closedAt ? <When at={order.closedAt} /> : null,
    },
  ]
  return (
    <ol className="progress card" aria-label={t('progress.label')}>
      {steps.map((step) => (
        <li key={step.key} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="progress-dot" aria-hidden="true">
            {step.state === 'done' ? <Check size={13} strokeWidth={3} /> : null}
            {step.state === 'failed' ? <X size={13} strokeWidth={3} /> : null}
          </span>
          <div>
            <p className="progress-title">{step.title}</p>
            {step.text ? <p className="small quiet">{step.text}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}

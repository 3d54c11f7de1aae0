import { Facts, Lines } from '../design/lines.tsx'
import { Link } from '../design/link.tsx'
import { Money, When } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'
import { lineNote } from './line-note.ts'
import { isZero } from './money.ts'
import { Status } from './status.tsx'
import { Steps } from './steps.tsx'
import type { Order } from './types.ts'

/** What an order says: for whom, what, for how much. The same on screen and on paper. */
export function OrderDetails({ order, area }: { order: Order; area: '/client' | '/portal' }) {
  const text = useText()
  const { t } = text
  return (
    <>
      <section className="card stack">
        <h2>{t('order.facts')}</h2>
        <Facts
          items={[
            { label: t('column.status'), value: <Status kind="order" value={order.status} /> },
            {
              label: t('column.customer'),
              value:
                area === '/portal' ? (
                  <Link to={`/portal/accounts/${order.account.id}`}>{order.account.name}</Link>
                ) : (
                  order.account.name
                ),
            },
            ...(order.subscription
              ? [
                  {
                    label: t('column.subscription'),
                    value: <Link to={`${area}/subscriptions/${order.subscription.id}`}>{order.subscription.name}</Link>,
                  },
                ]
              : []),
            ...(order.payment
              ? [
                  {
                    label: t('column.payment'),
                    value: (
                      <>
                        <Link to={`${area}/payments/${order.payment.id}`}>{order.payment.number}</Link>{' '}
                        <Status kind="payment" value={order.payment.status} />
                      </>
                    ),
                  },
                ]
              : []),
            { label: t('column.placed'), value: <When at={order.createdAt} plain /> },
            ...(order.expiresAt && order.status === 'waiting_for_payment'
              ? [{ label: t('order.pay_until'), value: <When at={order.expiresAt} plain /> }]
              : []),
            ...(area === '/portal' && order.manager ? [{ label: t('order.manager'), value: order.manager.name }] : []),
            ...(area === '/portal' && order.orderType ? [{ label: t('order.type'), value: order.orderType }] : []),
          ]}
        />
      </section>
      <section className="card stack">
        <h2>{t('order.lines')}</h2>
        <Lines
          items={[
            ...(order.lines ?? []).map((line, index) => ({
              key: String(index),
              label: line.description,
              note: lineNote(text, line),
              value: <Money value={line.net} />,
            })),
            ...(!order.tax || !order.net || isZero(order.tax)
              ? []
              : [
                  { key: 'net', label: t('order.net'), value: <Money value={order.net} /> },
                  { key: 'tax', label: t('order.tax'), value: <Money value={order.tax} /> },
                ]),
            ...(order.reverseCharge && order.tax
              ? [
                  {
                    key: 'reverse',
                    label: t('order.reverse'),
                    value: <Money value={order.tax} />,
                  },
                ]
              : []),
            { key: 'total', label: t('column.total'), value: <Money value={order.total} code />, total: true },
          ]}
        />
      </section>
      {order.history ? <Steps title={t('order.history')} history={order.history} /> : null}
    </>
  )
}

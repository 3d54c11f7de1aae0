import { Facts } from '../design/lines.tsx'
import { Link } from '../design/link.tsx'
import { Money, When } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'
import { isZero } from './money.ts'
import { Status } from './status.tsx'
import type { Payment } from './types.ts'

/** What a payment is for, and every part of it that has arrived. */
export function PaymentDetails({ payment, area }: { payment: Payment; area: '/client' | '/portal' }) {
  const { t } = useText()
  return (
    <>
      <section className="card stack">
        <h2>{t('payment.facts')}</h2>
        <Facts
          items={[
            { label: t('column.status'), value: <Status kind="payment" value={payment.status} /> },
            { label: t('column.total'), value: <Money value={payment.total} code /> },
            ...(isZero(payment.received)
              ? []
              : [{ label: t('payment.received'), value: <Money value={payment.received} code /> }]),
            ...(isZero(payment.outstanding) || payment.closedAt
              ? []
              : [{ label: t('payment.outstanding'), value: <Money value={payment.outstanding} code /> }]),
            ...(area === '/portal'
              ? [
                  {
                    label: t('column.customer'),
                    value: <Link to={`/portal/accounts/${payment.account.id}`}>{payment.account.name}</Link>,
                  },
                ]
              : []),
            ...(payment.order
              ? [
                  {
                    label: t('column.order'),
                    value: <Link to={`${area}/orders/${payment.order.id}`}>{payment.order.number}</Link>,
                  },
                ]
              : []),
            ...(payment.subscriptionId
              ? [
                  {
                    label: t('column.subscription'),
                    value: <Link to={`${area}/subscriptions/${payment.subscriptionId}`}>{payment.description}</Link>,
                  },
                ]
              : []),
            { label: t('column.created'), value: <When at={payment.createdAt} plain /> },
            ...(payment.closedAt ? [{ label: t('payment.closed'), value: <When at={payment.closedAt} plain /> }] : []),
          ]}
        />
      </section>
      {payment.receipts && payment.receipts.length > 0 ? (
        <section className="card stack">
          <h2>{t('payment.receipts')}</h2>
          <ul className="lines">
            {payment.receipts.map((receipt) => (
              <li className="line" key={receipt.id}>
                <span className="line-label">
                  <When at={receipt.receivedAt} plain /> <span className="mono small quiet">{receipt.reference}</span>
                </span>
                <span className="line-value">
                  <Money value={receipt.amount} code />
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  )
}

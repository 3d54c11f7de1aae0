import { type ReactNode, useEffect, useState } from 'react'
import { redirect, useLoaderData } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Link } from '../../design/link.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { can, isSalesAlone, loadSession, useSession } from '../session.ts'
import type { Page as ListPage, Order, Payment } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { ApprovePayment } from './approve-payment.tsx'
import { RetryOrder } from './retry-order.tsx'
import { StartSelling } from './start-selling.tsx'

interface Review {
  readonly id: string
  readonly account: { readonly id: string; readonly name: string }
  readonly subscription: { readonly id: string; readonly name: string }
  readonly createdAt: string
}

interface Sales {
  readonly days: number
  readonly accounts: number
  readonly checkouts: number
  readonly orders: number
  readonly paidOrders: number
  readonly received: readonly WireMoney[]
}

const NOTHING = { items: [], nextCursor: null }

export async function loader() {
  const session = await loadSession()
  if (session.manager && isSalesAlone(session)) throw redirect(`/portal/managers/${session.manager.id}`)
  const [payments, orders] = await Promise.all([
    can(session, 'payments:read')
      ? call<ListPage<Payment>>('/payments?status=waiting_for_payment&limit=10')
      : (NOTHING as ListPage<Payment>),
    can(session, 'orders:read')
      ? call<ListPage<Order>>('/orders?status=provisioning_failed&limit=10')
      : (NOTHING as ListPage<Order>),
  ])
  return { payments, orders }
}

/** How it sells, and what waits for a person: payments to approve, set-ups that failed. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { payments, orders } = useLoaderData<typeof loader>()
  usePolling(true, 10_000)
  const isQuiet = payments.items.length === 0 && orders.items.length === 0
  return (
    <Page title={t('portal.home')} lead={session.tenant?.name}>
      {isQuiet ? <StartSelling /> : null}
      {orders.items.length > 0 ? (
        <Tasks title={t('portal.failed')} more={orders.nextCursor ? '/portal/orders?status=provisioning_failed' : null}>
          {orders.items.map((order) => (
            <li key={order.id} className="task">
              <div>
                <p>
                  <Link className="row-link" to={`/portal/orders/${order.id}`}>
                    {order.number}
                  </Link>{' '}
                  {order.account.name}
                </p>
                <p className="quiet small">
                  {order.subscription?.name} · <When at={order.createdAt} />
                </p>
              </div>
              {can(session, 'orders:write') ? <RetryOrder order={order} /> : null}
            </li>
          ))}
        </Tasks>
      ) : null}
      {payments.items.length > 0 ? (
        <Tasks
          title={t('portal.to_approve')}
          more={payments.nextCursor ? '/portal/payments?status=waiting_for_payment' : null}
        >
          {payments.items.map((payment) => (
            <li key={payment.id} className="task">
              <div>
                <p>
                  <strong>
                    <Money value={payment.outstanding} code />
                  </strong>{' '}
                  {payment.account.name}
                </p>
                <p className="quiet small">
                  <Link to={`/portal/payments/${payment.id}`}>{payment.number}</Link> · {payment.description} ·{' '}
                  <When at={payment.createdAt} />
                </p>
              </div>
              {can(session, 'payments:approve') ? <ApprovePayment payment={payment} /> : null}
            </li>
          ))}
        </Tasks>
      ) : null}
      {can(session, 'reviews:read') ? <ToDecide refreshed={payments} /> : null}
      {can(session, 'orders:read') ? <SalesCard /> : null}
    </Page>
  )
}

/** What waits for a decision comes after the page, and again with each of its refreshes. */
function ToDecide({ refreshed }: { refreshed: object }) {
  const { t } = useText()
  const [reviews, setReviews] = useState<ListPage<Review> | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    call<ListPage<Review>>('/reviews?status=open&limit=10', { signal: gone.signal }).then(setReviews, () => undefined)
    return () => gone.abort()
  }, [refreshed])
  if (!reviews || reviews.items.length === 0) return null
  return (
    <Tasks title={t('portal.to_decide')} more={reviews.nextCursor ? '/portal/reviews?status=open' : null}>
      {reviews.items.map(({ id, account, subscription, createdAt }) => (
        <li key={id} className="task">
          <div>
            <p>
              <Link className="row-link" to="/portal/reviews?status=open">
                {subscription.name}
              </Link>{' '}
              {account.name}
            </p>
            <p className="quiet small">
              {t('portal.may_go_on')} · <When at={createdAt} />
            </p>
          </div>
        </li>
      ))}
    </Tasks>
  )
}

/** From the account to the money, a month of it; the ways to the lists behind it. What waits for a person comes first. */
function SalesCard() {
  const text = useText()
  const { t } = text
  const [sales, setSales] = useState<Sales | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    call<Sales>('/sales-figures', { signal: gone.signal }).then(setSales, () => undefined)
    return () => gone.abort()
  }, [])
  if (sales === null) return null
  const steps = [
    { key: 'accounts', count: sales.accounts, to: '/portal/accounts' },
    { key: 'checkouts', count: sales.checkouts, to: null },
    { key: 'orders', count: sales.orders, to: '/portal/orders' },
    { key: 'paid', count: sales.paidOrders, to: '/portal/orders?status=completed' },
  ] as const
  return (
    <section className="stack stack-2" aria-labelledby="sales">
      <h2 id="sales">{t('portal.sales', { days: sales.days })}</h2>
      <dl className="card sales-steps">
        {steps.map(({ key, count, to }) => (
          <div key={key}>
            <dt>{to ? <Link to={to}>{t(`portal.sales_${key}`)}</Link> : t(`portal.sales_${key}`)}</dt>
            <dd className="figure-big">{text.number(count)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <Link to="/portal/payments?status=completed">{t('portal.sales_received')}</Link>
          </dt>
          {sales.received.length === 0 ? <dd className="figure-big">{t('none')}</dd> : null}
          {sales.received.map((amount) => (
            <dd key={amount.currency} className="figure-big">
              <Money value={amount} code />
            </dd>
          ))}
        </div>
      </dl>
    </section>
  )
}

function Tasks({ title, more, children }: { title: string; more: string | null; children: ReactNode }) {
  const { t } = useText()
  return (
    <section className="stack stack-2">
      <div className="section-title">
        <h2>{title}</h2>
        {more ? <Link to={more}>{t('portal.all')}</Link> : null}
      </div>
      <ul className="tasks card">{children}</ul>
    </section>
  )
}

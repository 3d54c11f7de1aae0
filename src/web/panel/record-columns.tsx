import type { ReactNode } from 'react'
import { Link } from '../design/link.tsx'
import type { Column } from '../design/table.tsx'
import { Money, When } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'
import { Status } from './status.tsx'
import type { Order, Payment, Subscription } from './types.ts'

/** Whose it is, for staff. */
const customer = <Row extends { readonly account: { readonly name: string } }>(label: string): Column<Row> => ({
  key: 'account',
  sort: 'customer',
  label,
  cell: ({ account }) => account.name,
})

/** Columns of a list of orders; staff see whose. */
export function useOrderColumns(base: string, forStaff: boolean): Column<Order>[] {
  const { t } = useText()
  return [
    {
      key: 'number',
      label: t('column.order'),
      cell: (order) => (
        <Link className="row-link" to={`${base}/${order.id}`}>
          {order.number}
        </Link>
      ),
    },
    ...(forStaff ? [customer<Order>(t('column.customer'))] : []),
    {
      key: 'what',
      sort: 'subscription',
      label: t('column.subscription'),
      cell: (order) => order.subscription?.name ?? t('none'),
    },
    {
      key: 'status',
      sort: 'status',
      label: t('column.status'),
      cell: (order) => <Status kind="order" value={order.status} />,
    },
    { key: 'created', sort: 'created_at', label: t('column.placed'), cell: (order) => <When at={order.createdAt} /> },
    {
      key: 'total',
      sort: 'total',
      label: t('column.total'),
      number: true,
      cell: (order) => <Money value={order.total} code />,
    },
  ]
}

/** Columns of a list of payments; `actions` adds what staff can do. */
export function usePaymentColumns(
  base: string,
  forStaff: boolean,
  actions?: (payment: Payment) => ReactNode,
): Column<Payment>[] {
  const { t } = useText()
  return [
    {
      key: 'number',
      label: t('column.payment'),
      cell: (payment) => (
        <Link className="row-link" to={`${base}/${payment.id}`}>
          {payment.number}
        </Link>
      ),
    },
    ...(forStaff ? [customer<Payment>(t('column.customer'))] : []),
    {
      key: 'purpose',
      label: t('column.for'),
      cell: (payment) =>
        payment.purpose === 'top_up'
          ? t(payment.leavesHold ? 'purpose.leaves_hold' : 'purpose.top_up')
          : payment.order
            ? t('purpose.order', { number: payment.order.number })
            : t('none'),
    },
    {
      key: 'status',
      sort: 'status',
      label: t('column.status'),
      cell: (payment) => <Status kind="payment" value={payment.status} />,
    },
    {
      key: 'created',
      sort: 'created_at',
      label: t('column.created'),
      cell: (payment) => <When at={payment.createdAt} />,
    },
    {
      key: 'total',
      sort: 'total',
      label: t('column.total'),
      number: true,
      cell: (payment) => <Money value={payment.total} code />,
    },
    ...(actions ? [{ key: 'actions', label: t('column.actions'), actions: true, cell: actions }] : []),
  ]
}

/** Columns of a list of subscriptions. */
export function useSubscriptionColumns(base: string, forStaff: boolean): Column<Subscription>[] {
  const { t } = useText()
  return [
    {
      key: 'name',
      sort: 'name',
      label: t('column.subscription'),
      cell: (subscription) => (
        <Link className="row-link" to={`${base}/${subscription.id}`}>
          {subscription.name}
        </Link>
      ),
    },
    ...(forStaff ? [customer<Subscription>(t('column.customer'))] : []),
    {
      key: 'status',
      sort: 'status',
      label: t('column.status'),
      cell: (row) => <Status kind="subscription" value={row.status} />,
    },
    {
      key: 'until',
      sort: 'expires_at',
      label: t('column.until'),
      cell: (row) =>
        row.expiresAt ? (
          <When at={row.expiresAt} plain />
        ) : (
          t(row.activatedAt === null && row.period.duration !== null ? 'none' : 'period.endless')
        ),
    },
    {
      key: 'price',
      sort: 'recurring',
      label: t('column.monthly'),
      number: true,
      cell: (row) =>
        row.trial ? t('price.free') : row.recurring ? <Money value={row.recurring} code /> : t('price.use_based'),
    },
  ]
}

import { useEffect, useState } from 'react'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Status } from '../status.tsx'
import type { Page } from '../types.ts'
import type { Use } from './types.ts'

/** The latest orders that were given a discount; they come after the page, like its history. */
export function Uses({ discountId }: { discountId: string }) {
  const { t } = useText()
  const [uses, setUses] = useState<readonly Use[] | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    call<Page<Use>>(`/discounts/${discountId}/uses?limit=20`, { signal: gone.signal }).then(
      ({ items }) => setUses(items),
      () => undefined,
    )
    return () => gone.abort()
  }, [discountId])
  if (!uses) return null
  return (
    <section className="stack" aria-labelledby="uses">
      <h2 id="uses">{t('discount.orders')}</h2>
      {uses.length === 0 ? (
        <p className="muted">{t('discount.no_orders')}</p>
      ) : (
        <Table
          caption={t('discount.orders')}
          rows={uses}
          rowKey={({ order }) => order.id}
          columns={[
            {
              key: 'order',
              label: t('column.order'),
              cell: ({ order }) => (
                <Link className="row-link" to={`/portal/orders/${order.id}`}>
                  {order.number}
                </Link>
              ),
            },
            {
              key: 'status',
              label: t('column.status'),
              cell: ({ order }) => <Status kind="order" value={order.status} />,
            },
            {
              key: 'customer',
              label: t('column.customer'),
              cell: ({ account }) => <Link to={`/portal/accounts/${account.id}`}>{account.name}</Link>,
            },
            { key: 'code', label: t('discount.code'), cell: ({ code }) => code ?? t('none') },
            { key: 'off', label: t('discount.reduction'), number: true, cell: ({ net }) => <Money value={net} code /> },
            { key: 'at', label: t('column.placed'), cell: ({ createdAt }) => <When at={createdAt} plain /> },
          ]}
        />
      )}
    </section>
  )
}

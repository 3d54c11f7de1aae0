import type { ReactNode } from 'react'
import { Empty } from '../../design/empty.tsx'
import { Inbox } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { List } from '../lists.tsx'
import type { Page as ListPage } from '../types.ts'
import { DeliveryState } from './states.tsx'
import type { Delivery } from './types.ts'

/** The log, newest first; of one webhook or of everything. */
export function DeliveryList({
  page,
  filter,
  withWebhook,
}: {
  page: ListPage<Delivery>
  filter: ReactNode
  withWebhook: boolean
}) {
  const { t } = useText()
  const columns: Column<Delivery>[] = [
    {
      key: 'event',
      sort: 'event_type',
      label: t('handlers.event'),
      cell: (delivery) => (
        <Link className="row-link" to={`/portal/deliveries/${delivery.id}`}>
          {delivery.eventType}
        </Link>
      ),
    },
    ...(withWebhook
      ? [
          {
            key: 'to',
            sort: 'channel',
            label: t('deliveries.to'),
            cell: (delivery: Delivery) =>
              delivery.webhookUrl ?? delivery.recipient ?? t(`handlers.channel_${delivery.channel}`),
          },
        ]
      : []),
    {
      key: 'status',
      sort: 'status',
      label: t('column.status'),
      cell: (delivery) => <DeliveryState delivery={delivery} />,
    },
    {
      key: 'answer',
      label: t('deliveries.answer'),
      cell: ({ lastStatus, lastError }) => lastError ?? (lastStatus === null ? t('none') : String(lastStatus)),
    },
    {
      key: 'created',
      sort: 'created_at',
      label: t('column.created'),
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
  ]
  return (
    <List
      caption={t('deliveries.title')}
      filter={filter}
      page={page}
      columns={columns}
      rowKey={({ id }) => id}
      empty={
        <Empty icon={Inbox} title={t('deliveries.empty_title')}>
          <p>{t('deliveries.empty')}</p>
        </Empty>
      }
    />
  )
}

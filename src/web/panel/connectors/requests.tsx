import { Badge } from '../../design/badge.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { useSession } from '../session.ts'
import type { ConnectorRequest } from './types.ts'

/** What a service was asked for last. */
export function Requests({ requests }: { requests: readonly ConnectorRequest[] }) {
  const { t } = useText()
  const { tenant } = useSession()
  if (requests.length === 0) return <p className="muted">{t('connectors.requests_none')}</p>
  const isOfOthers = requests.some(({ reseller }) => reseller.id !== tenant?.id)
  return (
    <Table
      caption={t('connectors.requests')}
      rows={requests}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'what',
          label: t('connectors.what'),
          cell: ({ operation, subscriptionId }) => (
            <Link className="row-link" to={`/portal/subscriptions/${subscriptionId}`}>
              {t(`connectors.operation_${operation}`)}
            </Link>
          ),
        },
        { key: 'state', label: t('connectors.state'), cell: (request) => <State request={request} /> },
        { key: 'tries', label: t('connectors.tries'), number: true, cell: ({ attempts }) => attempts },
        { key: 'message', label: t('connectors.message'), cell: ({ message }) => message ?? '' },
        ...(isOfOthers
          ? [
              {
                key: 'reseller',
                label: t('connectors.reseller'),
                cell: ({ reseller }: ConnectorRequest) => reseller.name,
              },
            ]
          : []),
        { key: 'when', label: t('connectors.when'), cell: ({ createdAt }) => <When at={createdAt} /> },
      ]}
    />
  )
}

function State({ request: { status, attempts, message, deadlineAt } }: { request: ConnectorRequest }) {
  const { t } = useText()
  if (status === 'done') return <Badge tone="ok">{t('connectors.status_done')}</Badge>
  if (status === 'failed') return <Badge tone="bad">{t('connectors.status_failed')}</Badge>
  if (deadlineAt)
    return (
      <>
        <Badge tone="info">{t('connectors.status_later')}</Badge> <When at={deadlineAt} />
      </>
    )
  return attempts > 0 && message ? (
    <Badge tone="warn">{t('connectors.status_retrying')}</Badge>
  ) : (
    <Badge tone="info">{t('connectors.status_pending')}</Badge>
  )
}

import { Badge } from '../../design/badge.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { usageText } from '../quota.ts'
import { usageLabel } from '../usage-name.ts'
import type { Raise } from './types.ts'

/** What was bought here and raised there, or is on its way. */
export function Raises({ raises }: { raises: readonly Raise[] }) {
  const text = useText()
  const { t } = text
  return (
    <section className="stack">
      <h2>{t('platforms.raises')}</h2>
      {raises.length === 0 ? (
        <p className="quiet">{t('platforms.raises_none')}</p>
      ) : (
        <Table
          caption={t('platforms.raises')}
          rows={raises}
          rowKey={({ subscription, usageName }) => `${subscription.id} ${usageName}`}
          columns={[
            {
              key: 'what',
              label: t('platforms.raise_what'),
              cell: ({ usageName, subscription, customer }: Raise) => (
                <div className="stack stack-1">
                  <span>{usageLabel(text, usageName)}</span>
                  <Link className="small" to={`/portal/subscriptions/${subscription.id}`}>
                    {customer.name}: {subscription.name}
                  </Link>
                </div>
              ),
            },
            {
              key: 'units',
              label: t('platforms.raise_units'),
              number: true,
              cell: ({ usageName, units, waitingFor }: Raise) =>
                usageText(text, usageName, Number(waitingFor ?? units)),
            },
            {
              key: 'state',
              label: t('platforms.raise_state'),
              cell: ({ waitingFor, lastError, updatedAt }: Raise) => (
                <div>
                  <Badge tone={lastError !== null ? 'bad' : waitingFor === null ? 'ok' : 'info'}>
                    {t(waitingFor === null && lastError === null ? 'platforms.raise_done' : 'platforms.raise_waiting')}
                  </Badge>{' '}
                  <When at={updatedAt} />
                  {lastError === null ? null : <p className="small">{lastError}</p>}
                </div>
              ),
            },
          ]}
        />
      )}
    </section>
  )
}

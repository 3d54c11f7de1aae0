import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { useSession } from '../session.ts'
import { monthText } from './month-text.ts'
import type { ServiceCost } from './types.ts'

/** What external services ask of those whose plans they serve. */
export function ServiceCosts({ costs }: { costs: readonly ServiceCost[] }) {
  const text = useText()
  const { t } = text
  const { tenant } = useSession()
  if (costs.length === 0) return null
  const isOfOthers = costs.some(({ owner }) => owner.id !== tenant?.id)
  return (
    <section className="stack" aria-labelledby="services">
      <h2 id="services">{t('costs.services')}</h2>
      <p className="muted">{t('costs.services_lead')}</p>
      <Table
        caption={t('costs.services')}
        rows={costs}
        rowKey={({ period, plan }) => `${period}${plan.id}`}
        columns={[
          {
            key: 'plan',
            label: t('costs.plan'),
            cell: ({ plan }) => <strong>{plan.name}</strong>,
          },
          { key: 'month', label: t('costs.month'), cell: ({ period }) => monthText(text, period) },
          {
            key: 'service',
            label: t('costs.service'),
            cell: ({ service, owner }) =>
              owner.id === tenant?.id ? <Link to={`/portal/connectors/${service}`}>{service}</Link> : service,
          },
          ...(isOfOthers
            ? [{ key: 'owner', label: t('costs.owner'), cell: ({ owner }: ServiceCost) => owner.name }]
            : []),
          { key: 'asked', label: t('costs.asked'), number: true, cell: ({ amount }) => <Money value={amount} code /> },
          {
            key: 'cost',
            label: t('costs.cost'),
            number: true,
            cell: ({ netCost, withoutCost }) => (
              <>
                <Money value={netCost} code />
                {withoutCost > 0 ? (
                  <small className="quiet"> {t('costs.without', { count: withoutCost })}</small>
                ) : null}
              </>
            ),
          },
        ]}
      />
    </section>
  )
}

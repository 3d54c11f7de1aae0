import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { FileText } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import type { Page as ListPage } from '../types.ts'
import { monthText } from './month-text.ts'
import { ServiceCosts } from './service-costs.tsx'
import type { CostStatement, Costs, RunningCosts, ServiceCost } from './types.ts'

export async function loader({ request }: LoaderFunctionArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor')
  const [page, running, services] = await Promise.all([
    call<ListPage<CostStatement>>(`/cost-statements${query({ cursor })}`),
    call<{ items: readonly RunningCosts[] }>('/running-costs'),
    call<{ items: readonly ServiceCost[] }>('/service-costs'),
  ])
  return { page, running: running.items, services: services.items }
}

/** What sales cost a month, between each reseller and the one above; both read the same. */
export function Component() {
  const text = useText()
  const { t } = text
  const { page, running, services } = useLoaderData<typeof loader>()
  const who: Column<Costs>[] = [
    { key: 'reseller', label: t('costs.reseller'), cell: ({ reseller }) => reseller.name },
    { key: 'supplier', label: t('costs.supplier'), cell: ({ supplier }) => supplier.name },
  ]
  const amounts: Column<Costs>[] = [
    { key: 'sales', label: t('costs.sales'), number: true, cell: ({ sales }) => <Money value={sales} code /> },
    { key: 'cost', label: t('costs.cost'), number: true, cell: ({ cost }) => <Money value={cost} code /> },
  ]
  return (
    <Page title={t('nav.costs')} lead={t('costs.lead')}>
      {running.length > 0 ? (
        <section className="stack" aria-labelledby="running">
          <h2 id="running">{t('costs.running')}</h2>
          <p className="muted">{t('costs.running_lead')}</p>
          <Table
            caption={t('costs.running')}
            rows={running}
            rowKey={({ reseller, supplier }) => `${reseller.id}${supplier.id}`}
            columns={[
              ...who,
              {
                key: 'count',
                label: t('costs.count'),
                number: true,
                cell: ({ count }: RunningCosts) => text.number(count),
              },
              ...amounts,
            ]}
          />
        </section>
      ) : null}
      <section className="stack" aria-labelledby="issued">
        <h2 id="issued">{t('costs.issued')}</h2>
        <List
          caption={t('costs.issued')}
          page={page}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'number',
              label: t('costs.number'),
              cell: ({ id, number }) => (
                <Link className="row-link" to={`/portal/cost-statements/${id}`}>
                  {number}
                </Link>
              ),
            },
            { key: 'month', label: t('costs.month'), cell: ({ period }) => monthText(text, period) },
            ...who,
            { key: 'issued', label: t('costs.issued_at'), cell: ({ issuedAt }) => <When at={issuedAt} plain /> },
            ...amounts,
          ]}
          empty={
            <Empty icon={FileText} title={t('costs.empty_title')}>
              <p>{t('costs.empty')}</p>
            </Empty>
          }
        />
      </section>
      <ServiceCosts costs={services} />
    </Page>
  )
}

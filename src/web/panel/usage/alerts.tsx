import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Empty } from '../../design/empty.tsx'
import { Gauge } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { When } from '../../design/values.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { usageText } from '../quota.ts'
import type { Page as ListPage } from '../types.ts'
import { usageLabel } from '../usage-name.ts'
import { usePolling } from '../use-polling.ts'
import type { QuotaAlert } from './types.ts'

const FILTERS = ['query', 'state', 'usage_name', 'cleared'] as const
const STATES = ['almost_reached', 'reached', 'exceeded'] as const
const USAGES = ['storage', 'workstations', 'servers', 'vms', 'mobiles'] as const

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<QuotaAlert>>(request, '/quota-alerts', wishesOf(request, ...FILTERS))

/** What ran out or soon will have, at and below the reader's place in the tree; the newest first. */
export function Component() {
  const text = useText()
  const { t } = text
  const page = useLoaderData<typeof loader>()
  const search = useSearch()
  usePolling(true, 10_000)
  const amount = (alert: QuotaAlert, units: string): string => usageText(text, alert.usageName, Number(units))
  const isFiltered = FILTERS.some((name) => search.has(name))
  return (
    <Page title={t('nav.alerts')} lead={t('alerts.lead')}>
      <List
        caption={t('nav.alerts')}
        filter={
          <SearchForm live className="cluster usage-filter" aria-label={t('nav.alerts')}>
            <input
              className="input"
              type="search"
              name="query"
              defaultValue={search.get('query') ?? ''}
              placeholder={t('search.customers')}
              aria-label={t('search.customers')}
            />
            <select
              className="input"
              name="state"
              defaultValue={search.get('state') ?? ''}
              aria-label={t('alerts.state')}
            >
              <option value="">{t('alerts.any_state')}</option>
              {STATES.map((state) => (
                <option key={state} value={state}>
                  {t(`alerts.state_${state}`)}
                </option>
              ))}
            </select>
            <select
              className="input"
              name="usage_name"
              defaultValue={search.get('usage_name') ?? ''}
              aria-label={t('alerts.what')}
            >
              <option value="">{t('alerts.any_usage')}</option>
              {USAGES.map((name) => (
                <option key={name} value={name}>
                  {usageLabel(text, name)}
                </option>
              ))}
            </select>
            <label className="cluster">
              <input type="checkbox" name="cleared" value="true" defaultChecked={search.get('cleared') === 'true'} />
              {t('alerts.cleared_filter')}
            </label>
          </SearchForm>
        }
        page={page}
        rowKey={(alert) => alert.id}
        columns={[
          {
            key: 'tenant',
            sort: 'tenant',
            label: t('alerts.tenant'),
            cell: ({ tenant, customer }) => (
              <Link className="row-link" to={`/portal/tenants/${tenant.id}/usage`}>
                {customer && customer.id !== tenant.id ? `${customer.name}, ${tenant.name}` : tenant.name}
              </Link>
            ),
          },
          {
            key: 'what',
            sort: 'usage_name',
            label: t('alerts.what'),
            cell: ({ usageName }) => usageLabel(text, usageName),
          },
          {
            key: 'state',
            sort: 'state',
            label: t('alerts.state'),
            cell: ({ state, clearedAt }) => (
              <Badge tone={clearedAt !== null ? undefined : state === 'almost_reached' ? 'warn' : 'bad'}>
                {t(`alerts.state_${state}`)}
              </Badge>
            ),
          },
          {
            key: 'opened',
            sort: 'opened_at',
            label: t('alerts.opened'),
            cell: ({ openedAt }) => <When at={openedAt} />,
          },
          ...(search.get('cleared') === 'true'
            ? [
                {
                  key: 'cleared',
                  label: t('alerts.cleared'),
                  cell: ({ clearedAt }: QuotaAlert) => (clearedAt === null ? t('none') : <When at={clearedAt} />),
                },
              ]
            : []),
          {
            key: 'used',
            sort: 'used',
            label: t('alerts.used'),
            number: true,
            cell: (alert) =>
              alert.value === null
                ? amount(alert, alert.used)
                : t('usage.of', { used: amount(alert, alert.used), value: amount(alert, alert.value) }),
          },
        ]}
        empty={
          <Empty icon={Gauge} title={t('alerts.empty_title')}>
            <p>{t(isFiltered ? 'alerts.empty_filter' : 'alerts.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

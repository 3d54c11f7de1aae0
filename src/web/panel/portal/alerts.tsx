import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { usageText } from '../quota.ts'
import type { Page as ListPage } from '../types.ts'
import { usePolling } from '../use-polling.ts'

interface Alert {
  readonly id: string
  readonly tenant: { readonly name: string }
  readonly customer: { readonly name: string } | null
  readonly usageName: string
  readonly state: 'almost_reached' | 'reached' | 'exceeded'
  readonly used: string
  readonly value: string | null
  readonly openedAt: string
}

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return call<ListPage<Alert>>(`/quota-alerts${query({ cursor: searchParams.get('cursor') })}`)
}

/** Alerts of all customers at and below the seller. */
export function Component() {
  const text = useText()
  const { t } = text
  const page = useLoaderData<typeof loader>()
  usePolling(true, 10_000)
  const amount = (alert: Alert, units: string) => usageText(text, alert.usageName, Number(units))
  return (
    <Page title={t('nav.alerts')}>
      <p>{t('alerts.lead')}</p>
      <List
        caption={t('nav.alerts')}
        page={page}
        rowKey={(alert) => alert.id}
        columns={[
          {
            key: 'customer',
            label: t('column.customer'),
            cell: ({ customer, tenant }) =>
              customer && customer.name !== tenant.name ? `${customer.name}, ${tenant.name}` : tenant.name,
          },
          { key: 'usage', label: t('alerts.usage'), cell: ({ usageName }) => usageName },
          { key: 'state', label: t('alerts.state'), cell: ({ state }) => t(`alerts.state.${state}`) },
          {
            key: 'used',
            label: t('alerts.used'),
            number: true,
            cell: (alert) =>
              alert.value === null
                ? amount(alert, alert.used)
                : t('usage.of', { used: amount(alert, alert.used), value: amount(alert, alert.value) }),
          },
          { key: 'since', label: t('alerts.since'), cell: ({ openedAt }) => <When at={openedAt} /> },
        ]}
        empty={
          <Empty icon={Layers} title={t('alerts.empty_title')}>
            <p>{t('alerts.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

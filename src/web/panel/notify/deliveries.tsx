import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call, readList } from '../api.ts'
import { Page } from '../page.tsx'
import { can, loadSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { DeliveryFilters, deliveryWishes } from './delivery-filters.tsx'
import { DeliveryList } from './delivery-list.tsx'
import type { Delivery, EventType, Webhook } from './types.ts'

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const seesWebhooks = can(await loadSession(), 'webhooks:read')
  const [page, types, webhooks] = await Promise.all([
    readList<ListPage<Delivery>>(request, '/deliveries', deliveryWishes(searchParams)),
    call<{ items: EventType[] }>('/event-types'),
    seesWebhooks ? call<ListPage<Webhook>>('/webhooks?limit=200') : { items: [] },
  ])
  return { page, types: types.items, webhooks: webhooks.items }
}

/** Everything that was sent, or waits to be: mails, notices, webhooks. */
export function Component() {
  const { t } = useText()
  const { page, types, webhooks } = useLoaderData<typeof loader>()
  usePolling(
    page.items.some(({ status }) => status === 'waiting'),
    3000,
  )
  return (
    <Page title={t('deliveries.title')} lead={t('deliveries.lead')}>
      <DeliveryList page={page} filter={<DeliveryFilters types={types} webhooks={webhooks} />} withWebhook />
    </Page>
  )
}

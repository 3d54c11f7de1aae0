import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { Page } from '../page.tsx'
import type { Page as ListPage } from '../types.ts'
import { usePolling } from '../use-polling.ts'
import { DeliveryList } from './delivery-list.tsx'
import type { Delivery } from './types.ts'

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const [status, cursor] = [searchParams.get('status'), searchParams.get('cursor')]
  return call<ListPage<Delivery>>(`/deliveries${query({ status, cursor })}`)
}

/** Everything that was sent, or waits to be: mails, notices, webhooks. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  usePolling(
    page.items.some(({ status }) => status === 'waiting'),
    3000,
  )
  return (
    <Page title={t('deliveries.title')} lead={t('deliveries.lead')}>
      <DeliveryList page={page} withWebhook />
    </Page>
  )
}

import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { List, useSubscriptionColumns } from '../lists.tsx'
import { Page } from '../page.tsx'
import type { Page as ListPage, Subscription } from '../types.ts'

export function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  return call<ListPage<Subscription>>(`/subscriptions${query({ cursor: searchParams.get('cursor') })}`)
}

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const columns = useSubscriptionColumns('/client/subscriptions', false)
  return (
    <Page title={t('nav.subscriptions')}>
      <List
        caption={t('nav.subscriptions')}
        page={page}
        columns={columns}
        rowKey={(subscription) => subscription.id}
        empty={
          <Empty icon={Layers} title={t('subscriptions.empty_title')}>
            <p>{t('subscriptions.empty')}</p>
            <a className="button button-primary" href="/">
              {t('nav.products')}
            </a>
          </Empty>
        }
      />
    </Page>
  )
}

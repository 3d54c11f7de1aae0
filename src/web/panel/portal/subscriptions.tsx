import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List, StatusFilter } from '../lists.tsx'
import { useSubscriptionColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import type { Page as ListPage, Subscription } from '../types.ts'

const STATUSES = ['active', 'graced', 'stopped', 'activation_failed', 'deleted'] as const

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Subscription>>(request, '/subscriptions', wishesOf(request, 'status', 'query'))

export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const columns = useSubscriptionColumns('/portal/subscriptions', true)
  return (
    <Page title={t('nav.subscriptions')}>
      <List
        caption={t('nav.subscriptions')}
        filter={
          <>
            <SearchBox label={t('search.records')} />
            <StatusFilter
              label={t('filter.status')}
              options={[
                { value: '', label: t('filter.all') },
                ...STATUSES.map((value) => ({ value, label: t(`status.subscription.${value}`) })),
              ]}
            />
          </>
        }
        page={page}
        columns={columns}
        rowKey={(subscription) => subscription.id}
        empty={
          <Empty icon={Layers} title={t('portal.subscriptions_empty_title')}>
            <p>{t('portal.subscriptions_empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Users } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { Status } from '../status.tsx'
import type { Account, Page as ListPage } from '../types.ts'
import { SearchBox } from '../search-box.tsx'

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Account>>(request, '/accounts', wishesOf(request, 'query'))

/** The customers, found by name. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const search = useSearch()
  const wish = search.get('query') ?? ''
  const columns: Column<Account>[] = [
    {
      key: 'name',
      sort: 'name',
      label: t('column.customer'),
      cell: (account) => (
        <Link className="row-link" to={`/portal/accounts/${account.id}`}>
          {account.name}
        </Link>
      ),
    },
    { key: 'number', sort: 'number', label: t('column.number'), cell: (account) => String(account.number) },
    {
      key: 'status',
      sort: 'status',
      label: t('column.status'),
      cell: (account) => <Status kind="account" value={account.status} />,
    },
    { key: 'manager', label: t('order.manager'), cell: (account) => account.manager?.name ?? t('none') },
    {
      key: 'created',
      sort: 'created_at',
      label: t('column.since'),
      cell: (account) => <When at={account.createdAt} />,
    },
    {
      key: 'balance',
      label: t('profile.balance'),
      number: true,
      cell: (account) => <Money value={account.balance} code />,
    },
  ]
  return (
    <Page title={t('nav.accounts')}>
      <List
        caption={t('nav.accounts')}
        filter={<SearchBox label={t('accounts.search')} />}
        page={page}
        columns={columns}
        rowKey={(account) => account.id}
        empty={
          <Empty icon={Users} title={wish ? t('search.none_title', { query: wish }) : t('accounts.empty_title')}>
            <p>{t(wish ? 'accounts.none' : 'accounts.empty')}</p>
            {wish ? (
              <Link className="button" to="/portal/accounts">
                {t('accounts.all')}
              </Link>
            ) : null}
          </Empty>
        }
      />
    </Page>
  )
}

import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Users } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList, wishesOf } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Account, Page as ListPage } from '../types.ts'
import { type Person, usePlace } from './place.ts'

export async function loader({ params, request }: LoaderFunctionArgs) {
  const { accountId } = params
  const [page, account] = await Promise.all([
    readList<ListPage<Person>>(request, '/users', { tenant_id: accountId, ...wishesOf(request, 'query') }),
    accountId === undefined ? null : call<Account>(`/accounts/${accountId}`),
  ])
  return { page, account }
}

/** Who can sign in for an account or a reseller. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const place = usePlace()
  const { page, account } = useLoaderData<typeof loader>()
  const search = useSearch()
  const [invited, wish] = [search.get('invited'), search.get('query')]
  const add = can(session, 'users:write') ? (
    <ButtonLink to={`${place.base}/new`} look="primary">
      {t('people.invite')}
    </ButtonLink>
  ) : null
  return (
    <Page
      aboveTitle={account ? <BackLink to={`/portal/accounts/${account.id}`}>{account.name}</BackLink> : undefined}
      title={account ? t('people.of', { name: account.name }) : place.title}
      lead={t('people.lead')}
      actions={add}
    >
      {invited ? (
        <Notice tone="ok" live>
          <p>{t('people.invited', { email: invited })}</p>
        </Notice>
      ) : null}
      <List
        caption={place.title}
        filter={page.items.length > 5 || wish ? <SearchBox label={t('search.people')} /> : null}
        page={page}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'email',
            sort: 'email',
            label: t('field.email'),
            cell: ({ id, email }) => (
              <Link className="row-link" to={`${place.base}/${id}`}>
                {email}
              </Link>
            ),
          },
          {
            key: 'name',
            sort: 'name',
            label: t('people.name'),
            cell: ({ firstName, lastName }) => `${firstName} ${lastName}`.trim() || t('none'),
          },
          {
            key: 'role',
            label: t('people.role'),
            cell: ({ roles, buyer }) =>
              [...roles.map((role) => t(`role.${role}`)), ...(buyer ? [t('people.buyer')] : [])].join(', ') ||
              t('none'),
          },
          {
            key: 'status',
            label: t('column.status'),
            cell: (person) => <PersonState person={person} />,
          },
        ]}
        empty={
          <Empty icon={Users} title={t('people.empty_title')}>
            <p>{t('people.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

export function PersonState({ person: { enabled, activated } }: { person: Person }) {
  const { t } = useText()
  if (!enabled) return <Badge tone="bad">{t('people.disabled')}</Badge>
  return activated ? <Badge tone="ok">{t('people.active')}</Badge> : <Badge tone="warn">{t('people.pending')}</Badge>
}

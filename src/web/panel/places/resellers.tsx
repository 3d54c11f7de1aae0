import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Empty } from '../../design/empty.tsx'
import { Users } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import type { TenantNode } from '../setup/types.ts'
import { SearchBox } from '../search-box.tsx'

export function loader({ request }: LoaderFunctionArgs) {
  const { below, query } = wishesOf(request, 'below', 'query')
  return readList<ListPage<TenantNode>>(request, '/tenants', { parent_id: query ? null : below, query })
}

/** The tenant tree, a level at a time: resellers, folders, customers; or what a search finds in all of it. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  const search = useSearch()
  const wish = search.get('query') ?? ''
  const [first] = page.items
  const columns: Column<TenantNode>[] = [
    {
      key: 'name',
      sort: 'name',
      label: t('tenants.name'),
      cell: (node) =>
        node.hasChildren ? (
          <Link className="row-link" to={`/portal/tenants?below=${node.id}`}>
            {node.name}
          </Link>
        ) : node.kind === 'customer' ? (
          <Link className="row-link" to={`/portal/accounts/${node.id}`}>
            {node.name}
          </Link>
        ) : (
          node.name
        ),
    },
    { key: 'kind', sort: 'kind', label: t('tenants.kind'), cell: (node) => t(`kind.${node.kind}`) },
    {
      key: 'status',
      label: t('column.status'),
      cell: (node) => (
        <Badge tone={node.enabled ? 'ok' : 'bad'}>{t(node.enabled ? 'tenants.enabled' : 'tenants.disabled')}</Badge>
      ),
    },
    {
      key: 'number',
      sort: 'number',
      label: t('column.number'),
      cell: (node) => <Copyable value={node.number} name={t('tenants.number_of', { name: node.name })} />,
    },
    {
      key: 'id',
      label: t('tenants.id'),
      cell: (node) => (
        <Copyable value={node.id} shown={`…${node.id.slice(-6)}`} name={t('tenants.id_of', { name: node.name })} />
      ),
    },
    {
      key: 'prices',
      label: t('column.actions'),
      actions: true,
      cell: (node) =>
        node.kind === 'partner' ? (
          <span className="cluster">
            {can(session, 'plans:write') ? (
              <Link to={`/portal/prices?seller=${node.id}`}>{t('tenants.prices')}</Link>
            ) : null}
            {can(session, 'tenants:write') ? (
              <Link to={`/portal/tenants/${node.id}/test-clock`}>{t('nav.test_clock')}</Link>
            ) : null}
          </span>
        ) : node.kind === 'customer' && node.hasChildren ? (
          <Link to={`/portal/accounts/${node.id}`}>{t('tenants.account')}</Link>
        ) : null,
    },
  ]
  return (
    <Page
      title={t('nav.tenants')}
      lead={t('tenants.lead')}
      actions={
        can(session, 'tenants:write') ? (
          <ButtonLink to="/portal/tenants/new" look="primary">
            {t('tenants.add')}
          </ButtonLink>
        ) : null
      }
    >
      {search.get('below') && !wish ? (
        <nav aria-label={t('tenants.path')} className="cluster small">
          <Link to="/portal/tenants">{t('tenants.top')}</Link>
          {(first?.above ?? []).slice(1).map(({ id, name }) => (
            <span key={id}>
              <span aria-hidden="true">› </span>
              <Link to={`/portal/tenants?below=${id}`}>{name}</Link>
            </span>
          ))}
        </nav>
      ) : null}
      <List
        caption={t('nav.tenants')}
        filter={<SearchBox label={t('tenants.search')} />}
        page={page}
        columns={columns}
        rowKey={(node) => node.id}
        empty={
          <Empty icon={Users} title={wish ? t('search.none_title', { query: wish }) : t('tenants.empty_title')}>
            <p>{t('tenants.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

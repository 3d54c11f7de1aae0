import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Badge } from '../../../design/badge.tsx'
import { ButtonLink } from '../../../design/button.tsx'
import { Copyable } from '../../../design/copy.tsx'
import { Empty } from '../../../design/empty.tsx'
import { Users } from '../../../design/icons.tsx'
import { Link } from '../../../design/link.tsx'
import { useText } from '../../../messages/use-text.ts'
import { readList, wishesOf } from '../../api.ts'
import { List, StatusFilter } from '../../lists.tsx'
import { Page } from '../../page.tsx'
import { can, useSession } from '../../session.ts'
import type { Page as ListPage } from '../../types.ts'
import type { Manager } from './types.ts'
import { SearchBox } from '../../search-box.tsx'

export function loader({ request }: LoaderFunctionArgs) {
  const { query, status } = wishesOf(request, 'query', 'status')
  const active = status === 'active' ? 'true' : status === 'inactive' ? 'false' : null
  return readList<ListPage<Manager>>(request, '/managers', { query, active })
}

/** Everyone customers can be credited to. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  return (
    <Page
      title={t('nav.managers')}
      lead={t('managers.lead')}
      actions={
        can(session, 'managers:write') ? (
          <ButtonLink look="primary" to="/portal/managers/new">
            {t('managers.add')}
          </ButtonLink>
        ) : null
      }
    >
      <List
        caption={t('nav.managers')}
        filter={
          <div className="cluster spread">
            <SearchBox label={t('managers.search')} />
            <StatusFilter
              label={t('column.status')}
              options={[
                { value: '', label: t('managers.all') },
                { value: 'active', label: t('managers.active') },
                { value: 'inactive', label: t('managers.inactive') },
              ]}
            />
          </div>
        }
        page={page}
        rowKey={(manager) => manager.id}
        columns={[
          {
            key: 'name',
            sort: 'name',
            label: t('managers.name'),
            cell: (manager) => (
              <Link className="row-link" to={`/portal/managers/${manager.id}`}>
                {manager.name}
              </Link>
            ),
          },
          {
            key: 'key',
            sort: 'key',
            label: t('managers.key'),
            cell: (manager) =>
              manager.key === null ? (
                t('none')
              ) : (
                <Copyable value={manager.key} name={t('managers.key_of', { name: manager.name })} />
              ),
          },
          {
            key: 'role',
            sort: 'role',
            label: t('managers.role'),
            cell: (manager) => (manager.isPartner ? t('managers.partner') : t(`manager_role.${manager.role}`)),
          },
          {
            key: 'supervisor',
            sort: 'supervisor',
            label: t('managers.supervisor'),
            cell: (manager) => manager.supervisor?.name ?? t('none'),
          },
          {
            key: 'active',
            sort: 'active',
            label: t('column.status'),
            cell: (manager) => (
              <Badge tone={manager.active ? 'ok' : undefined}>
                {t(manager.active ? 'managers.active' : 'managers.inactive')}
              </Badge>
            ),
          },
        ]}
        empty={
          <Empty icon={Users} title={t('managers.empty_title')}>
            <p>{t('managers.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

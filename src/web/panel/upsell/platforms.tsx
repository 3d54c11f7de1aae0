import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import { PlatformState } from './platform-state.tsx'
import type { Platform } from './types.ts'

export const loader = ({ request }: LoaderFunctionArgs) => readList<{ items: Platform[] }>(request, '/platforms')

/** Other systems whose customers buy here. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const mayWrite = can(useSession(), 'platforms:write')
  const add = (
    <ButtonLink look="primary" to="/portal/platforms/new">
      {t('platforms.add')}
    </ButtonLink>
  )
  return (
    <Page
      title={t('platforms.title')}
      lead={t('platforms.lead')}
      actions={mayWrite && page.items.length > 0 ? add : null}
    >
      <List
        caption={t('platforms.title')}
        page={page}
        rowKey={({ name }) => name}
        columns={[
          {
            key: 'title',
            sort: 'title',
            label: t('platforms.called'),
            cell: ({ name, title }: Platform) => (
              <Link className="row-link" to={`/portal/platforms/${name}`}>
                {title}
              </Link>
            ),
          },
          {
            key: 'state',
            label: t('platforms.state'),
            cell: (platform: Platform) => <PlatformState platform={platform} />,
          },
          {
            key: 'synced',
            sort: 'synced_at',
            label: t('platforms.synced'),
            cell: ({ syncedAt }: Platform) => (syncedAt === null ? t('platforms.never') : <When at={syncedAt} />),
          },
          {
            key: 'customers',
            sort: 'customers',
            label: t('platforms.customers'),
            number: true,
            cell: ({ customers }: Platform) => customers,
          },
          {
            key: 'people',
            sort: 'users',
            label: t('platforms.people'),
            number: true,
            cell: ({ users }: Platform) => users,
          },
        ]}
        empty={
          <Empty icon={Layers} title={t('platforms.empty_title')}>
            <p>{t('platforms.empty')}</p>
            {mayWrite ? add : null}
          </Empty>
        }
      />
    </Page>
  )
}

import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { readList } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Store } from '../setup/types.ts'

export const loader = ({ request }: LoaderFunctionArgs) => readList<{ items: readonly Store[] }>(request, '/stores')

const TONES = { active: 'ok', inactive: 'bad', maintenance: 'warn' } as const

/** Stores and where they answer. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  const add = can(session, 'stores:write') ? (
    <ButtonLink to="/portal/stores/new" look="primary">
      {t('stores.add')}
    </ButtonLink>
  ) : null
  return (
    <Page title={t('nav.stores')} actions={add}>
      <List
        caption={t('nav.stores')}
        page={page}
        rowKey={(store) => store.id}
        columns={[
          {
            key: 'name',
            sort: 'name',
            label: t('stores.name'),
            cell: (store) => (
              <Link className="row-link" to={`/portal/stores/${store.id}`}>
                {store.name}
              </Link>
            ),
          },
          { key: 'seller', sort: 'seller', label: t('stores.seller'), cell: (store) => store.sellerName },
          {
            key: 'status',
            sort: 'status',
            label: t('column.status'),
            cell: (store) => <Badge tone={TONES[store.status]}>{t(`stores.${store.status}`)}</Badge>,
          },
          {
            key: 'domain',
            label: t('stores.address'),
            cell: (store) => (
              <Copyable value={store.domains[0] ?? ''} name={t('stores.address_of', { name: store.name })} />
            ),
          },
        ]}
        empty={
          <Empty icon={Layers} title={t('stores.empty_title')}>
            <p>{t('stores.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

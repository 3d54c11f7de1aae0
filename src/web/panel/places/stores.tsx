import { useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import type { Store } from '../setup/types.ts'

export const loader = () => call<{ items: readonly Store[] }>('/stores')

const TONES = { active: 'ok', inactive: 'bad', maintenance: 'warn' } as const

/** Stores and where they answer. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { items } = useLoaderData<typeof loader>()
  const add = can(session, 'stores:write') ? (
    <ButtonLink to="/portal/stores/new" look="primary">
      {t('stores.add')}
    </ButtonLink>
  ) : null
  return (
    <Page title={t('nav.stores')} actions={add}>
      {items.length === 0 ? (
        <Empty icon={Layers} title={t('stores.empty_title')}>
          <p>{t('stores.empty')}</p>
        </Empty>
      ) : (
        <Table
          caption={t('nav.stores')}
          rows={items}
          rowKey={(store) => store.id}
          columns={[
            {
              key: 'name',
              label: t('stores.name'),
              cell: (store) => (
                <Link className="row-link" to={`/portal/stores/${store.id}`}>
                  {store.name}
                </Link>
              ),
            },
            { key: 'seller', label: t('stores.seller'), cell: (store) => store.sellerName },
            {
              key: 'status',
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
        />
      )}
    </Page>
  )
}

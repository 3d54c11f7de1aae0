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
import type { Product } from './types.ts'

export const loader = () => call<{ items: readonly Product[] }>('/products')

/** What the reseller sells: its own products, drafts included. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { items } = useLoaderData<typeof loader>()
  const add = can(session, 'plans:write') ? (
    <ButtonLink to="/portal/products/new" look="primary">
      {t('products.add')}
    </ButtonLink>
  ) : null
  return (
    <Page title={t('nav.catalogue')} actions={add}>
      {items.length === 0 ? (
        <Empty icon={Layers} title={t('products.empty_title')}>
          <p>{t('products.empty')}</p>
        </Empty>
      ) : (
        <Table
          caption={t('nav.catalogue')}
          rows={items}
          rowKey={(product) => product.id}
          columns={[
            {
              key: 'name',
              label: t('products.name'),
              cell: (product) => (
                <Link className="row-link" to={`/portal/products/${product.id}`}>
                  {product.name}
                </Link>
              ),
            },
            {
              key: 'status',
              label: t('column.status'),
              cell: ({ published }) => (
                <Badge tone={published ? 'ok' : 'info'}>{t(published ? 'products.shown' : 'products.hidden')}</Badge>
              ),
            },
            { key: 'slug', label: t('products.address'), cell: (product) => <code>/product/{product.slug}</code> },
            {
              key: 'id',
              label: t('setup.id'),
              cell: (product) => <Copyable value={product.id} name={t('setup.id_of', { name: product.name })} />,
            },
          ]}
        />
      )}
    </Page>
  )
}

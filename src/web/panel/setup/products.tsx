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
import type { Product } from './types.ts'

export const loader = ({ request }: LoaderFunctionArgs) => readList<{ items: readonly Product[] }>(request, '/products')

/** What the reseller sells: its own products, drafts included. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  const actions = (
    <>
      <ButtonLink to="/portal/products/categories">{t('products.categories')}</ButtonLink>
      {can(session, 'plans:write') ? (
        <ButtonLink to="/portal/products/new" look="primary">
          {t('products.add')}
        </ButtonLink>
      ) : null}
    </>
  )
  return (
    <Page title={t('nav.catalogue')} actions={actions}>
      <List
        caption={t('nav.catalogue')}
        page={page}
        rowKey={(product) => product.id}
        columns={[
          {
            key: 'name',
            sort: 'name',
            label: t('products.name'),
            cell: (product) => (
              <Link className="row-link" to={`/portal/products/${product.id}`}>
                {product.name}
              </Link>
            ),
          },
          {
            key: 'status',
            sort: 'published',
            label: t('column.status'),
            cell: ({ published }) => (
              <Badge tone={published ? 'ok' : 'info'}>{t(published ? 'products.shown' : 'products.hidden')}</Badge>
            ),
          },
          {
            key: 'slug',
            sort: 'slug',
            label: t('products.address'),
            cell: (product) => <code>/product/{product.slug}</code>,
          },
          {
            key: 'id',
            sort: 'id',
            label: t('setup.id'),
            cell: (product) => <Copyable value={product.id} name={t('setup.id_of', { name: product.name })} />,
          },
        ]}
        empty={
          <Empty icon={Layers} title={t('products.empty_title')}>
            <p>{t('products.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

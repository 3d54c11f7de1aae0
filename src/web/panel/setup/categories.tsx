import { useLoaderData, useRevalidator } from 'react-router'
import { Button, ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import type { Category, Product } from './types.ts'

export async function loader() {
  const [categories, products] = await Promise.all([
    call<{ items: readonly Category[] }>('/categories'),
    call<{ items: readonly Product[] }>('/products'),
  ])
  return { categories: categories.items, products: products.items }
}

/** Where products stand together in the store, in the order in which stores show them. */
export function Component() {
  const { t, number } = useText()
  const session = useSession()
  const { categories, products } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const mayWrite = can(session, 'plans:write')
  const order = useOperation(async (key, categoryId: string) => {
    const ids = categories.map(({ id }) => id)
    const place = ids.indexOf(categoryId)
    ids.splice(place - 1, 2, categoryId, ids[place - 1] ?? '')
    await call('/category-order', { method: 'PUT', body: { categoryIds: ids }, idempotencyKey: key })
    await revalidate()
  })
  return (
    <Page
      title={t('categories.title')}
      lead={t('categories.lead')}
      aboveTitle={<BackLink to="/portal/products">{t('nav.catalogue')}</BackLink>}
      actions={
        mayWrite ? (
          <ButtonLink to="/portal/products/categories/new" look="primary">
            {t('categories.add')}
          </ButtonLink>
        ) : null
      }
    >
      <ErrorSummary error={order.error} failures={order.failures} />
      {categories.length === 0 ? (
        <Empty icon={Layers} title={t('categories.empty_title')}>
          <p>{t('categories.empty')}</p>
        </Empty>
      ) : (
        <Table
          caption={t('categories.title')}
          rows={categories}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              label: t('categories.name'),
              cell: ({ id, name }) => (
                <Link className="row-link" to={`/portal/products/categories/${id}`}>
                  {name}
                </Link>
              ),
            },
            { key: 'slug', label: t('categories.address'), cell: ({ slug }) => <code>/catalog/{slug}</code> },
            {
              key: 'products',
              label: t('categories.products'),
              number: true,
              cell: ({ id }) => number(products.filter(({ categoryId }) => categoryId === id).length),
            },
            ...(mayWrite && categories.length > 1
              ? [
                  {
                    key: 'move',
                    label: t('column.actions'),
                    actions: true,
                    cell: (category: Category) =>
                      category === categories[0] ? null : (
                        <Button
                          size="small"
                          pending={order.pending}
                          aria-label={t('setup.move_up_of', { name: category.name })}
                          onClick={() => void order.run(category.id)}
                        >
                          {t('setup.move_up')}
                        </Button>
                      ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </Page>
  )
}

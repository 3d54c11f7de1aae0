import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { Link } from '../../design/link.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { History } from '../history.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import { can, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import type { Category, Product } from './types.ts'

const LIST = '/portal/products/categories'

export async function loader({ params }: LoaderFunctionArgs) {
  const id = params['categoryId'] ?? ''
  if (id === 'new') return { category: null, products: [] }
  const [category, products] = await Promise.all([
    call<Category>(`/categories/${id}`),
    call<{ items: readonly Product[] }>('/products'),
  ])
  return { category, products: products.items.filter(({ categoryId }) => categoryId === id) }
}

/** A category: what its page in the store says, and the products on it; or a new one. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { category, products } = useLoaderData<typeof loader>()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  const mayWrite = can(session, 'plans:write')
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const made = await call<Category>(category ? `/categories/${category.id}` : '/categories', {
        method: category ? 'PATCH' : 'POST',
        body: {
          name: value('name'),
          description: value('description'),
          ...(value('slug') && { slug: value('slug') }),
        },
        idempotencyKey: key,
        ...(category && { ifMatch: category.version }),
      })
      setSaved(true)
      if (category) await revalidate()
      else await navigate(`${LIST}/${made.id}`, { replace: true })
    },
    [category, navigate, revalidate],
  )
  return (
    <Page
      title={category?.name ?? t('categories.add')}
      aboveTitle={<BackLink to={LIST}>{t('categories.title')}</BackLink>}
      actions={category && mayWrite ? <Delete category={category} products={products.length} /> : null}
    >
      <Saved when={saved} />
      {mayWrite ? (
        <section className="card stack">
          <SaveForm key={category?.version ?? 0} save={save} submit={t(category ? 'setup.save' : 'categories.submit')}>
            {(error) => (
              <>
                <TextField
                  label={t('categories.name')}
                  name="name"
                  autoComplete="off"
                  required
                  defaultValue={category?.name}
                  error={fieldError(error, 'name')}
                />
                <AreaField
                  label={t('categories.description')}
                  name="description"
                  hint={t('categories.description_hint')}
                  defaultValue={category?.description ?? ''}
                  error={fieldError(error, 'description')}
                />
                <TextField
                  label={t('categories.slug')}
                  name="slug"
                  hint={t('categories.slug_hint')}
                  autoComplete="off"
                  defaultValue={category?.slug}
                  error={fieldError(error, 'slug')}
                />
              </>
            )}
          </SaveForm>
        </section>
      ) : null}
      {category ? <Products products={products} /> : null}
      {category ? <History kind="category" id={category.id} version={category.version} /> : null}
    </Page>
  )
}

function Products({ products }: { products: readonly Product[] }) {
  const { t } = useText()
  return (
    <section className="stack" aria-labelledby="products">
      <h2 id="products">{t('categories.products')}</h2>
      {products.length === 0 ? (
        <p className="muted">{t('categories.no_products')}</p>
      ) : (
        <ul className="stack stack-1">
          {products.map(({ id, name }) => (
            <li key={id}>
              <Link to={`/portal/products/${id}`}>{name}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Deletes the category after a question that says what becomes of its products. */
function Delete({ category, products }: { category: Category; products: number }) {
  const { t } = useText()
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const remove = useOperation(
    useCallback(async () => {
      await call(`/categories/${category.id}`, { method: 'DELETE', ifMatch: category.version })
      await navigate(LIST)
    }, [category, navigate]),
  )
  return (
    <>
      <Button look="danger" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
        {t('categories.delete')}
      </Button>
      <Dialog
        title={t('categories.delete_title', { name: category.name })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <div className="stack">
          <p>{t('categories.delete_text', { n: products })}</p>
          <ErrorSummary error={remove.error} failures={remove.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('dialog.not_now')}</Button>
            <Button look="danger" pending={remove.pending} onClick={() => void remove.run()}>
              {t('categories.delete')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

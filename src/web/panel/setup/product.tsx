import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import type { SoldPlan } from '../types.ts'
import { AreaField, SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import { History } from '../history.tsx'
import { ProductPlans } from './product-plans.tsx'
import { Screenshots } from './screenshots.tsx'
import type { Category, Product } from './types.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const id = params['productId'] ?? ''
  const [categories, product, plans] = await Promise.all([
    call<{ items: readonly Category[] }>('/categories'),
    id === 'new' ? null : call<Product>(`/products/${id}`),
    id === 'new' ? null : call<{ items: readonly SoldPlan[] }>('/plans'),
  ])
  return { categories: categories.items, product, plans: plans?.items.filter((plan) => plan.product.id === id) ?? [] }
}

/** A product: what the store says of it, and its plans; or a new one. */
export function Component() {
  const { t } = useText()
  const { product, categories, plans } = useLoaderData<typeof loader>()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  // Pictures are saved beside the form, which keeps what is typed: its own save is for the version they led to.
  const [pictured, setPictured] = useState(product)
  const version = Math.max(product?.version ?? 0, pictured?.id === product?.id ? (pictured?.version ?? 0) : 0)
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const body = {
        name: value('name'),
        summary: value('summary'),
        description: value('description'),
        categoryId: value('category_id') || null,
        logoUrl: value('logo_url') || null,
        published: value('published') === 'on',
        ...(value('slug') && { slug: value('slug') }),
      }
      const made = await call<Product>(product ? `/products/${product.id}` : '/products', {
        method: product ? 'PATCH' : 'POST',
        body: product ? { ...body, marketingName: body.name } : body,
        idempotencyKey: key,
        ...(product && { ifMatch: version }),
      })
      setSaved(true)
      if (product) await revalidate()
      else await navigate(`/portal/products/${made.id}`, { replace: true })
    },
    [product, version, navigate, revalidate],
  )
  return (
    <Page
      title={product?.name ?? t('products.add')}
      aboveTitle={<BackLink to="/portal/products">{t('nav.catalogue')}</BackLink>}
      actions={
        product ? (
          <ButtonLink to={`/portal/products/${product.id}/plans/new`} look="primary">
            {t('plan.add')}
          </ButtonLink>
        ) : null
      }
    >
      <Saved when={saved} />
      {product ? <ProductPlans product={product} plans={plans} /> : null}
      <section className="card stack">
        <SaveForm key={product?.version ?? 0} save={save} submit={t(product ? 'setup.save' : 'products.submit')}>
          {(error) => (
            <>
              <TextField
                label={t('products.name')}
                name="name"
                required
                defaultValue={product?.name}
                error={fieldError(error, 'name')}
              />
              <TextField
                label={t('products.summary')}
                name="summary"
                hint={t('products.summary_hint')}
                defaultValue={product?.summary}
                error={fieldError(error, 'summary')}
              />
              <AreaField
                label={t('products.description')}
                name="description"
                rows={6}
                defaultValue={product?.description ?? ''}
                error={fieldError(error, 'description')}
              />
              <SelectField
                label={t('products.category')}
                name="category_id"
                hint={t('products.category_hint')}
                defaultValue={product?.categoryId ?? ''}
                error={fieldError(error, 'category_id')}
                options={[
                  { value: '', label: t('products.no_category') },
                  ...categories.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
              <TextField
                label={t('products.logo')}
                name="logo_url"
                inputMode="url"
                defaultValue={product?.logoUrl ?? ''}
                error={fieldError(error, 'logo_url')}
              />
              <TextField
                label={t('products.slug')}
                name="slug"
                hint={t('products.slug_hint')}
                defaultValue={product?.slug}
                error={fieldError(error, 'slug')}
              />
              <CheckField
                label={t('products.published')}
                name="published"
                defaultChecked={product?.published ?? true}
              />
            </>
          )}
        </SaveForm>
      </section>
      {product ? <Screenshots key={product.id} product={{ ...product, version }} onSaved={setPictured} /> : null}
      {product ? <History kind="product" id={product.id} version={version} /> : null}
    </Page>
  )
}

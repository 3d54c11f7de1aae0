import { type ReactNode, useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Empty } from '../../design/empty.tsx'
import { SelectField } from '../../design/field.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query, readList } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { can, loadSession, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { SaveForm, type Values } from '../save-form.tsx'
import { Taxes } from './taxes.tsx'
import type { Resale, Resold, TaxRate, TenantNode } from './types.ts'

export async function loader({ request }: LoaderFunctionArgs) {
  const session = await loadSession()
  const wish = new URL(request.url).searchParams.get('seller')
  const of = query({ seller_id: wish })
  const [resale, taxes, below] = await Promise.all([
    readList<Resale>(request, '/resale', { seller_id: wish }),
    call<{ items: readonly TaxRate[] }>(`/tax-rates${of}`),
    can(session, 'tenants:read') ? call<ListPage<TenantNode>>('/tenants?kind=partner&limit=200') : null,
  ])
  return { resale, taxes: taxes.items, below: below?.items ?? [] }
}

/** What a reseller sells on of those above it, at which price; its taxes; what a price below cost is met with. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { resale, taxes, below } = useLoaderData<typeof loader>()
  const { seller, belowCost } = resale
  const isOwn = seller.id === session.tenant?.id
  const others = below.filter(({ id }) => id !== session.tenant?.id)
  return (
    <Page title={t('nav.prices')} lead={t('prices.lead')}>
      {others.length > 0 || !isOwn ? (
        <SearchForm live className="narrow-field">
          <SelectField
            label={t('prices.seller')}
            name="seller"
            defaultValue={isOwn ? '' : seller.id}
            options={[
              { value: '', label: t('prices.own', { name: session.tenant?.name ?? '' }) },
              ...others.map(({ id, name }) => ({ value: id, label: name })),
              ...(isOwn || others.some(({ id }) => id === seller.id) ? [] : [{ value: seller.id, label: seller.name }]),
            ]}
          />
        </SearchForm>
      ) : null}
      <section className="stack" aria-labelledby="resale">
        <h2 id="resale">{t('prices.resale')}</h2>
        <ResaleList
          page={resale}
          sellerId={seller.id}
          empty={
            <Empty icon={Layers} title={t('prices.empty_title')}>
              <p>{t(isOwn ? 'prices.empty_own' : 'prices.empty')}</p>
            </Empty>
          }
        />
      </section>
      <BelowCost key={`${seller.id} ${belowCost}`} sellerId={seller.id} belowCost={belowCost} />
      <Taxes key={`${seller.id} ${JSON.stringify(taxes)}`} sellerId={seller.id} taxes={taxes} />
    </Page>
  )
}

function ResaleList({ page, sellerId, empty }: { page: ListPage<Resold>; sellerId: string; empty: ReactNode }) {
  const { t } = useText()
  const below = (resold: Resold): number => resold.prices.filter(({ belowCost }) => belowCost).length
  return (
    <List
      caption={t('prices.resale')}
      page={page}
      empty={empty}
      rowKey={({ plan }) => plan.id}
      columns={[
        {
          key: 'plan',
          sort: 'plan',
          label: t('prices.plan'),
          cell: ({ plan }) => (
            <Link className="row-link" to={`/portal/prices/${sellerId}/${plan.id}`}>
              {plan.name}
            </Link>
          ),
        },
        { key: 'product', sort: 'product', label: t('prices.product'), cell: ({ product }) => product.name },
        { key: 'from', sort: 'from', label: t('prices.from'), cell: ({ from }) => from.name },
        {
          key: 'sold',
          sort: 'status',
          label: t('column.status'),
          cell: (resold) =>
            resold.sold ? (
              below(resold) > 0 ? (
                <Badge tone="warn">{t('prices.below', { n: below(resold) })}</Badge>
              ) : (
                <Badge tone="ok">{t('prices.sold')}</Badge>
              )
            ) : (
              <Badge>{t('prices.not_sold')}</Badge>
            ),
        },
        {
          key: 'markup',
          sort: 'markup',
          label: t('prices.markup'),
          number: true,
          cell: ({ sold, markupPercent, prices }) => {
            if (!sold) return t('none')
            const fixed = prices.filter((price) => price.fixed).length
            return fixed > 0 ? t('prices.markup_and', { percent: markupPercent, n: fixed }) : `${markupPercent}%`
          },
        },
      ]}
    />
  )
}

function BelowCost({ sellerId, belowCost }: { sellerId: string; belowCost: Resale['belowCost'] }) {
  const { t } = useText()
  const session = useSession()
  const { revalidate } = useRevalidator()
  const save = useCallback(
    async (value: Values) => {
      await call('/price-list', { method: 'PATCH', body: { sellerId, belowCost: value('below_cost') } })
      await revalidate()
    },
    [sellerId, revalidate],
  )
  if (!can(session, 'plans:write')) return null
  return (
    <section className="card stack" aria-labelledby="below-cost">
      <h2 id="below-cost">{t('prices.below_cost')}</h2>
      <SaveForm save={save} submit={t('setup.save')}>
        {() => (
          <SelectField
            label={t('prices.below_cost_label')}
            name="below_cost"
            hint={t('prices.below_cost_hint')}
            defaultValue={belowCost}
            options={(['warn', 'refuse'] as const).map((value) => ({ value, label: t(`prices.cost_${value}`) }))}
          />
        )}
      </SaveForm>
    </section>
  )
}

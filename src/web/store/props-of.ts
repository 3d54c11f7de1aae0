import { periodLink, planLinks } from '../../buylinks/index.ts'
import { fromMonthlyMinor, priceOrder, sellablePlans, tryItPeriod } from '../../catalog/index.ts'
import { renewalLines } from '../../catalog/rules.ts'
import { candidatesFor, NOBODY, withHighest } from '../../discounts/rules.ts'
import type { Plan as CatalogPlan, CatalogSnapshot, Product } from '../../catalog/schema.ts'
import { formatDecimal } from '../../kernel/decimal.ts'
import { toWire } from '../../kernel/money.ts'
import { renderMarkdown, type StoreEntry } from '../../stores/index.ts'
import type { CategoryProps, HomeProps, InfoProps, PageProps, PlanCard, ProductCard, ProductProps } from './props.ts'

/** Fills the store pages from a catalogue: every price by the same rule that an order is charged by. */

export interface PageSettings {
  readonly language: string
  readonly css: readonly string[]
  readonly demonstration: boolean
}

/** What every page shows of a store; a host without one gets the neutral look. */
export function pagePropsOf(store: StoreEntry | undefined, settings: PageSettings): PageProps {
  const brand = store?.brand
  return {
    language: settings.language,
    brand: {
      serviceName: brand?.serviceName ?? 'Buylink',
      companyName: brand?.companyName ?? null,
      logoUrl: brand?.logoUrl ?? null,
      cssUrl: `/brand.css?v=${brand?.version ?? '0'}`,
      supportUrl: brand?.supportUrl ?? null,
      supportPhone: brand?.supportPhone ?? null,
    },
    store: store ? { name: store.name, origin: store.origin } : null,
    termsUrl: store?.termsUrl ?? null,
    privacyUrl: store?.privacyUrl ?? null,
    pages: (store?.pages ?? []).map(({ title, slug }) => ({ title, url: `/info/${slug}` })),
    assets: { css: settings.css },
    demonstration: settings.demonstration,
  }
}

/** The lowest of the plans' monthly prices; null where none of them has a fee. */
function lowestMonthly(plans: readonly CatalogPlan[]): bigint | null {
  const prices = plans.flatMap((plan) => fromMonthlyMinor(plan) ?? [])
  return prices.length === 0 ? null : prices.reduce((lowest, price) => (price < lowest ? price : lowest))
}

/** Products on sale as cards; of one category, or all. */
function cardsOf(snapshot: CatalogSnapshot, categoryId?: string): ProductCard[] {
  return [...snapshot.products.values()].flatMap((product): ProductCard[] => {
    const plans = sellablePlans(snapshot, product.id)
    if (!product.published || plans.length === 0) return []
    if (categoryId !== undefined && product.categoryId !== categoryId) return []
    const monthly = lowestMonthly(plans)
    return [
      {
        name: product.marketingName,
        logoUrl: product.logoUrl,
        summary: product.summary,
        url: `/product/${product.slug}`,
        fromMonthly: monthly === null ? null : toWire({ amountMinor: monthly, currency: snapshot.currency }),
        trial: plans.map((plan) => tryItPeriod(plan)?.duration ?? null).find((duration) => duration !== null) ?? null,
      },
    ]
  })
}

export function homePropsOf(snapshot: CatalogSnapshot, page: PageProps): HomeProps {
  const filled = [...snapshot.categories.values()].filter(({ id }) => cardsOf(snapshot, id).length > 0)
  return {
    ...page,
    products: cardsOf(snapshot),
    categories: filled.length < 2 ? [] : filled.map(({ name, slug }) => ({ name, url: `/catalog/${slug}` })),
  }
}

/** Undefined where this store has no such category. */
export function categoryPropsOf(
  store: StoreEntry,
  snapshot: CatalogSnapshot,
  slug: string,
  page: PageProps,
): CategoryProps | undefined {
  const category = [...snapshot.categories.values()].find((each) => each.slug === slug)
  if (!category) return undefined
  return {
    ...page,
    category: { name: category.name, description: category.description },
    canonicalUrl: `${store.origin}/catalog/${category.slug}`,
    products: cardsOf(snapshot, category.id),
  }
}

/** Undefined where this store has no such page. */
export function infoPropsOf(store: StoreEntry, slug: string, page: PageProps): InfoProps | undefined {
  const found = store.pages.find((each) => each.slug === slug)
  if (!found) return undefined
  return { ...page, title: found.title, html: renderMarkdown(found.body), canonicalUrl: `${store.origin}/info/${slug}` }
}

export function productPropsOf(
  store: StoreEntry,
  base: string,
  snapshot: CatalogSnapshot,
  product: Product,
  period: string | null,
  page: PageProps,
  at: Date,
): ProductProps {
  const category = product.categoryId === null ? undefined : snapshot.categories.get(product.categoryId)
  return {
    ...page,
    product: {
      name: product.marketingName,
      summary: product.summary,
      description: product.description,
      logoUrl: product.logoUrl,
      screenshots: product.screenshots,
    },
    category: category ? { name: category.name, url: `/catalog/${category.slug}` } : null,
    canonicalUrl: `${store.origin}/product/${product.slug}`,
    path: `/product/${product.slug}`,
    plans: sellablePlans(snapshot, product.id).map((plan) => planCard(plan, base, snapshot, at)),
    period,
  }
}

function planCard(plan: CatalogPlan, base: string, { currency, discounts }: CatalogSnapshot, at: Date): PlanCard {
  const money = (amountMinor: bigint) => toWire({ amountMinor, currency })
  const { buyNow, tryIt } = planLinks(base, plan, currency)
  const monthly = fromMonthlyMinor(plan)
  const ofPlan = { productId: plan.productId, planId: plan.id }
  return {
    id: plan.id,
    name: plan.name,
    summary: plan.summary,
    billingType: plan.billingType,
    currency,
    buyPeriodId: buyNow?.period.id ?? '',
    fromMonthly: monthly === null ? null : money(monthly),
    tryLink: tryIt && { url: tryIt.url, duration: tryIt.period.duration },
    minimumTopup: plan.minimumTopupMinor === null ? null : money(plan.minimumTopupMinor),
    periods: plan.periods
      .filter((each) => each.isPublic)
      .map((each) => {
        const regular = priceOrder(plan, each, new Map(), currency, 0)
        const candidates = candidatesFor(discounts, null, { ...ofPlan, planPeriodId: each.id }, NOBODY, at)
        const quote = withHighest(regular, candidates, renewalLines(plan, each, new Map(), 0), each.id)
        return {
          id: each.id,
          duration: each.duration,
          trial: each.trial,
          setupFee: money(each.setupFeeMinor),
          recurringFee: money(each.trial ? 0n : each.recurringFeeMinor),
          total: money(quote.netMinor),
          monthly: money(quote.recurringMinor ?? 0n),
          renewal: money(quote.renewalMinor ?? 0n),
          discount: quote.discount && {
            name: quote.discount.name,
            regular: money(regular.netMinor),
            off: money(regular.netMinor - quote.netMinor),
          },
          buyLink: periodLink(base, plan, each, currency),
        }
      }),
    resources: plan.resources
      .filter((resource) => resource.isPublic)
      .map((resource) => ({
        id: resource.id,
        name: resource.name,
        unit: resource.unit,
        kind: resource.kind,
        included: Number(resource.included),
        minimum: Number(resource.minimum),
        limit: resource.limit === null ? null : Number(resource.limit),
        recurringFee: money(resource.recurringFeeMinor),
        setupFee: money(resource.setupFeeMinor),
        unitPrice: resource.unitPrice && formatDecimal(resource.unitPrice),
      })),
  }
}

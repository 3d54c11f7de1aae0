import { periodLink, planLinks } from '../../buylinks/index.ts'
import { fromMonthlyMinor, priceOrder, sellablePlans, tryItPeriod } from '../../catalog/index.ts'
import type { Plan as CatalogPlan, CatalogSnapshot, Product } from '../../catalog/schema.ts'
import { formatDecimal } from '../../kernel/decimal.ts'
import { toWire } from '../../kernel/money.ts'
import type { StoreEntry } from '../../stores/index.ts'
import type { HomeProps, PageProps, PlanCard, ProductCard, ProductProps } from './props.ts'

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
    assets: { css: settings.css },
    demonstration: settings.demonstration,
  }
}

/** The lowest of the plans' monthly prices; null where none of them has a fee. */
function lowestMonthly(plans: readonly CatalogPlan[]): bigint | null {
  const prices = plans.flatMap((plan) => fromMonthlyMinor(plan) ?? [])
  return prices.length === 0 ? null : prices.reduce((lowest, price) => (price < lowest ? price : lowest))
}

export function homePropsOf(snapshot: CatalogSnapshot, page: PageProps): HomeProps {
  const cards = [...snapshot.products.values()].flatMap((product): ProductCard[] => {
    const plans = sellablePlans(snapshot, product.id)
    if (!product.published || plans.length === 0) return []
    const monthly = lowestMonthly(plans)
    return [
      {
        name: product.marketingName,
        summary: product.summary,
        url: `/product/${product.slug}`,
        fromMonthly: monthly === null ? null : toWire({ amountMinor: monthly, currency: snapshot.currency }),
        trial: plans.map((plan) => tryItPeriod(plan)?.duration ?? null).find((duration) => duration !== null) ?? null,
      },
    ]
  })
  return { ...page, products: cards }
}

export function productPropsOf(
  store: StoreEntry,
  base: string,
  snapshot: CatalogSnapshot,
  product: Product,
  period: string | null,
  page: PageProps,
): ProductProps {
  return {
    ...page,
    product: { name: product.marketingName, summary: product.summary, description: product.description },
    canonicalUrl: `${store.origin}/product/${product.slug}`,
    path: `/product/${product.slug}`,
    plans: sellablePlans(snapshot, product.id).map((plan) => planCard(plan, base, snapshot.currency)),
    period,
  }
}

function planCard(plan: CatalogPlan, base: string, currency: string): PlanCard {
  const money = (amountMinor: bigint) => toWire({ amountMinor, currency })
  const { buyNow, tryIt } = planLinks(base, plan, currency)
  const monthly = fromMonthlyMinor(plan)
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
        const quote = priceOrder(plan, each, new Map(), currency, 0)
        return {
          id: each.id,
          duration: each.duration,
          trial: each.trial,
          setupFee: money(each.setupFeeMinor),
          recurringFee: money(each.trial ? 0n : each.recurringFeeMinor),
          total: money(quote.netMinor),
          monthly: money(quote.recurringMinor ?? 0n),
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

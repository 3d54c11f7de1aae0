import type { WireMoney } from '../../kernel/money.ts'

/**
 * What the store pages are drawn from: plain values, no capability, no request. The server fills them; the same
 * values always give the same bytes, so a page may be kept as long as its catalogue and brand versions stand.
 * Money is wire money (`{"amount": "49.00", "currency": "USD"}`), net of tax; links are relative or absolute URLs.
 */

/** Length of a plan period; null where it has no end. */
export type Duration = { readonly value: number; readonly unit: 'days' | 'months' | 'years' } | null

export interface StoreBrand {
  /** What the visitor reads as the name of the shop: `Northwind Cloud`. */
  readonly serviceName: string
  readonly companyName: string | null
  readonly logoUrl: string | null
  /** Stylesheet with the brand's colours: `/brand.css?v=7`. */
  readonly cssUrl: string
  readonly supportUrl: string | null
  readonly supportPhone: string | null
}

/** What every store page needs. */
export interface PageProps {
  /** BCP 47, one of the languages with a catalogue; others fall back to English. */
  readonly language: string
  readonly brand: StoreBrand
  /** Null where the host belongs to no store (404 and error pages still have to be drawn). */
  readonly store: { readonly name: string; readonly origin: string } | null
  readonly termsUrl: string | null
  readonly privacyUrl: string | null
  /** Stylesheets of the build, as URLs, in order (`storeAssets(manifest)`). */
  readonly assets: { readonly css: readonly string[] }
  /** Information pages of the store, for the foot of each page. */
  readonly pages: readonly { readonly title: string; readonly url: string }[]
  /** The page says that it is a demonstration and nobody is charged. */
  readonly demonstration: boolean
}

export interface ProductCard {
  readonly name: string
  readonly logoUrl: string | null
  readonly summary: string
  /** `/product/backup` */
  readonly url: string
  /** Lowest monthly price; null where there are no period and resource fees ("pay for what you use"). */
  readonly fromMonthly: WireMoney | null
  /** Length of the shortest trial period of its plans. */
  readonly trial: Duration
}

export interface HomeProps extends PageProps {
  readonly products: readonly ProductCard[]
  /** Those with a product in them; none where there is but one. */
  readonly categories: readonly { readonly name: string; readonly url: string }[]
}

export interface CategoryProps extends PageProps {
  readonly category: { readonly name: string; readonly description: string }
  readonly canonicalUrl: string
  readonly products: readonly ProductCard[]
}

export interface InfoProps extends PageProps {
  readonly title: string
  /** Made from Markdown: text, pictures and links. */
  readonly html: string
  readonly canonicalUrl: string
}

/** A public period of a plan, with the buy-link that orders exactly this period with minimum quantities. */
export interface PlanPeriod {
  readonly id: string
  readonly duration: Duration
  readonly trial: boolean
  readonly setupFee: WireMoney
  /** A month, without resources. */
  readonly recurringFee: WireMoney
  /** Charged on the day of the order, net: setup + recurring × months + the chargeable minimum of the resources. */
  readonly total: WireMoney
  /** Per month with the chargeable minimum, without setup. */
  readonly monthly: WireMoney
  /** Each later period, net. */
  readonly renewal: WireMoney
  /** Taken off `total` already. */
  readonly discount: { readonly name: string; readonly regular: WireMoney; readonly off: WireMoney } | null
  readonly buyLink: string
}

export interface PlanResource {
  readonly id: string
  readonly name: string
  /** `100 GB`, `workstation`. */
  readonly unit: string
  readonly kind: 'unit' | 'boolean'
  readonly included: number
  readonly minimum: number
  /** Null: unlimited. */
  readonly limit: number | null
  /** Per unit and month, above `included`. */
  readonly recurringFee: WireMoney
  readonly setupFee: WireMoney
  /** Exact decimal in major units per unit and hour (pay as you go); null where it is sold by the month. */
  readonly unitPrice: string | null
}

export interface PlanCard {
  readonly id: string
  readonly name: string
  readonly summary: string
  readonly billingType: 'pay_in_full' | 'pay_as_you_go_internal' | 'pay_as_you_go_external'
  readonly currency: string
  /** All public periods, trials included, in the order of the catalogue. */
  readonly periods: readonly PlanPeriod[]
  /** The period *Buy now* orders: lowest retail price, or the plan's own default. */
  readonly buyPeriodId: string
  /** Null: the plan has no period and resource fees. */
  readonly fromMonthly: WireMoney | null
  /** Absent (null) without a trial period. */
  readonly tryLink: { readonly url: string; readonly duration: Duration } | null
  /** Least first payment of pay as you go; null where none is asked for. */
  readonly minimumTopup: WireMoney | null
  readonly resources: readonly PlanResource[]
}

export interface ProductProps extends PageProps {
  readonly product: {
    readonly name: string
    readonly summary: string
    readonly description: string
    readonly logoUrl: string | null
    readonly screenshots: readonly { readonly url: string; readonly alt: string }[]
  }
  /** Where it stands; null: in no category. */
  readonly category: { readonly name: string; readonly url: string } | null
  /** `https://shop.example/product/backup` */
  readonly canonicalUrl: string
  /** `/product/backup`: the period switch adds `?period=`. */
  readonly path: string
  readonly plans: readonly PlanCard[]
  /** Value of `?period=` as received (`1-months`, `1-years`); null or unknown: each plan shows its *Buy now* period. */
  readonly period: string | null
}

/** One thing wrong with a buy-link, as `explain` reports it. */
export interface LinkProblem {
  readonly code: string
  readonly part: string
  readonly message: string
  readonly suggestion?: string | undefined
}

export interface LinkProblemProps extends PageProps {
  readonly problems: readonly LinkProblem[]
  /** The product the link was about, where that much could be read. */
  readonly product: { readonly name: string; readonly url: string } | null
  /** The plan that took the place of the link's, with a link that orders it. */
  readonly successor: { readonly name: string; readonly url: string } | null
}

export interface MaintenanceProps extends PageProps {}

export interface NotFoundProps extends PageProps {}

export interface ErrorProps extends PageProps {
  /** Said to the visitor, so that support can find the log line. */
  readonly requestId: string
}

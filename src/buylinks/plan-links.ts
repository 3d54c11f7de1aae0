import { buyNowPeriod, takesTopup, tryItPeriod } from '../catalog/rules.ts'
import type { Plan, PlanPeriod } from '../catalog/schema.ts'
import { formatAmount } from '../kernel/money.ts'
import { build } from '../link/index.ts'

/** Where a store's links start: the external application's address, else the dispatcher of its canonical domain. */
export const linkBase = (store: { readonly origin: string; readonly externalApplicationUrl: string | null }): string =>
  store.externalApplicationUrl ?? `${store.origin}/external_dispatcher/settle`

/**
 * The buy-link of one period of a plan, as the store's own buttons carry it: internal pay as you go skips what it does
 * not have to configure, a minimum top-up comes along except for a trial (spec/buy-links.md "Storefront links").
 */
export const periodLink = (base: string, plan: Plan, period: PlanPeriod, currency: string): string =>
  build({
    base,
    application: { plan_id: plan.id, plan_period_id: period.id },
    topup:
      plan.minimumTopupMinor !== null && takesTopup(plan) && !period.trial
        ? { amount: shortest(formatAmount(plan.minimumTopupMinor, currency)) }
        : null,
    skip_all_steps: plan.billingType === 'pay_as_you_go_internal',
  })

/** As the documents write amounts: `1000`, and `49.90`. */
const shortest = (amount: string): string => amount.replace(/\.0+$/, '')

export interface PlanLinks {
  /** null: nothing but trials is for sale. */
  readonly buyNow: { readonly period: PlanPeriod; readonly url: string } | null
  /** null: no trial period. */
  readonly tryIt: { readonly period: PlanPeriod; readonly url: string } | null
}

/** *Buy now* and *Try it* of a plan. */
export function planLinks(base: string, plan: Plan, currency: string): PlanLinks {
  const linkOf = (period: PlanPeriod | undefined) =>
    period ? { period, url: periodLink(base, plan, period, currency) } : null
  return { buyNow: linkOf(buyNowPeriod(plan)), tryIt: linkOf(tryItPeriod(plan)) }
}

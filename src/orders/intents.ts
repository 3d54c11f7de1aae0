import type { Plan } from '../catalog/schema.ts'
import { isPayAsYouGo } from '../catalog/rules.ts'
import { renewalHindranceOf } from '../subscriptions/rules.ts'
import type { CheckoutContext } from './checkout-context-view.ts'

/** What somebody more likely means who orders a plan that they have: never a second one by mistake. */
export type Intent = 'change' | 'renew' | 'top_up'

/**
 * What can be done with a subscription that the account has already of the plan of a link (spec/buy-links.md): money onto
 * the balance it is paid from, another amount of what it has, or its next period now, where the account's class lets one
 * renew by hand. The first is the one that the link asks for.
 *
 * @param wanted What the link asks for, by resource id.
 */
export function intentsFor(
  plan: Pick<Plan, 'billingType'>,
  existing: CheckoutContext['existing'][number],
  wanted: ReadonlyMap<string, bigint>,
  { manualRenewDays }: { readonly manualRenewDays: number },
  now: Date,
): Intent[] {
  if (isPayAsYouGo(plan)) return existing.status === 'active' ? ['top_up'] : []
  const periodEndsAt = existing.periodEndsAt === null ? null : new Date(existing.periodEndsAt)
  const mayRenew = renewalHindranceOf({ ...existing, periodEndsAt }, { manualRenewDays }, now) === undefined
  const differs = [...wanted].some(([id, quantity]) => BigInt(existing.quantities[id] ?? 0) !== quantity)
  const mayChange = existing.status === 'active' && differs
  return [...(mayChange ? (['change'] as const) : []), ...(mayRenew ? (['renew'] as const) : [])]
}

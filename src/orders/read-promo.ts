import type { CatalogSnapshot } from '../catalog/schema.ts'
import { findNamed } from '../discounts/index.ts'
import { type Customer, normalCode, refusalOf } from '../discounts/rules.ts'
import type { Discount, GrantedDiscount } from '../discounts/schema.ts'
import { isPayAsYouGo } from '../catalog/rules.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { Db } from '../platform/db.ts'
import type { CheckoutView } from './checkout-shape.ts'
import type { Checkout } from './schema.ts'

/** The code that a draft names: what it may take off, or why nothing. */
export interface Promo {
  readonly code: string
  readonly usable: { readonly code: string; readonly discount: Discount } | null
  /** In the customer's words. */
  readonly refusal: string | null
}

/** Reads the code of a draft as its account may use it now; undefined where none was named. */
export async function readPromo(
  db: Db,
  { sellerId, accountId, selection }: Pick<Checkout, 'sellerId' | 'accountId' | 'selection'>,
  customer: Customer,
  snapshot: CatalogSnapshot,
  at: Date,
): Promise<Promo | undefined> {
  if (!selection.promoCode) return undefined
  const { planId, planPeriodId } = selection
  const code = normalCode(selection.promoCode)
  const plan = snapshot.plans.get(planId)
  const named = await findNamed(db, sellerId, accountId, code)
  const refusal =
    refusalOf(named, { productId: plan?.productId ?? '', planId, planPeriodId }, customer, at) ??
    costless(plan, planPeriodId)
  return { code, usable: named && refusal === undefined ? named : null, refusal: refusal ?? null }
}

/** What costs nothing when it is ordered cannot be reduced. */
function costless(plan: ReturnType<CatalogSnapshot['plans']['get']>, planPeriodId: string): string | undefined {
  if (plan && isPayAsYouGo(plan)) return 'This plan is paid by use; a code takes nothing off.'
  if (plan?.periods.find(({ id }) => id === planPeriodId)?.trial)
    return 'A trial costs nothing; a code takes nothing off.'
  return undefined
}

/** What a checkout says of its code: taken, beaten by another discount, or refused by now. */
export function promoView(promo: Promo | undefined, discount: GrantedDiscount | null): CheckoutView['promo'] {
  if (!promo) return null
  const { code, refusal } = promo
  if (refusal !== null) return { code, status: 'refused', message: refusal }
  if (discount?.code === code) return { code, status: 'applied', message: '' }
  return discount
    ? { code, status: 'beaten', message: `${discount.name} takes more off already. Your code stays unused.` }
    : { code, status: 'refused', message: 'This code takes nothing off this order.' }
}

/** @throws {BuylinkError} `promo_code_refused` where the draft names a code that takes nothing off. */
export async function assertUsable(
  db: Db,
  draft: Pick<Checkout, 'sellerId' | 'accountId' | 'selection'>,
  customer: Customer,
  snapshot: CatalogSnapshot,
  at: Date,
): Promise<void> {
  const promo = await readPromo(db, draft, customer, snapshot, at)
  if (promo && promo.refusal !== null) throw promoRefused(promo.refusal)
}

export const promoRefused = (message: string): BuylinkError =>
  new BuylinkError('promo_code_refused', message, {
    problems: [{ path: 'promo_code', code: 'promo_code_refused', message }],
  })

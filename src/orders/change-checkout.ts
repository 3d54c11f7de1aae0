import type { Selection } from '../buylinks/schema.ts'
import type { Catalog } from '../catalog/index.ts'
import { checkQuantities } from '../catalog/rules.ts'
import { normalCode } from '../discounts/rules.ts'
import { BuylinkError, type Problem } from '../kernel/errors.ts'
import type { CheckoutId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { readRunning } from './change-context-view.ts'
import { type CheckoutContext, findCheckout } from './checkout-context-view.ts'
import { updateSelection } from './checkout-store.ts'
import { quantitiesOf } from './create-change.ts'
import { judgeDraft } from './judge-draft.ts'
import { assertUsable, promoRefused } from './read-promo.ts'
import type { Checkout } from './schema.ts'

export interface CheckoutChange {
  readonly planPeriodId?: string | undefined
  readonly resources?: readonly { readonly id: string; readonly quantity: bigint }[] | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
  /** A promo code as it was typed; null: none any more. */
  readonly promoCode?: string | null | undefined
  /** The version that was shown; another one is refused. */
  readonly expectedVersion?: bigint | undefined
}

/**
 * Another period of the same plan, other quantities, answers to what the plan asks for. What is not named stays.
 *
 * @throws {BuylinkError} `not_found`; `conflict` once placed; `checkout_expired`; `version_mismatch`;
 *   `quantity_out_of_range` with every problem; `promo_code_refused`.
 */
export async function changeCheckout(
  { db, clock, catalog }: { db: Db; clock: Clock; catalog: Catalog },
  actor: Principal,
  id: CheckoutId,
  change: CheckoutChange,
): Promise<void> {
  const context = await findCheckout(db, actor, id)
  if (!context) throw new BuylinkError('not_found', 'There is no such checkout.')
  const { checkout, payer } = context
  assertOpen(checkout, clock.now())
  if (checkout.type !== 'sales') return changeAgain({ db, clock, catalog }, context, change)
  if (change.expectedVersion !== undefined && change.expectedVersion !== checkout.version) throw changedMeanwhile()
  const snapshot = await catalog.get(payer.sellerId)
  const plan = snapshot.plans.get(checkout.selection.planId)
  if (!plan) throw new BuylinkError('gone', 'This plan is no longer sold.')
  const selection: Selection = {
    ...checkout.selection,
    planPeriodId: change.planPeriodId ?? checkout.selection.planPeriodId,
    quantities: {
      ...checkout.selection.quantities,
      ...Object.fromEntries((change.resources ?? []).map((resource) => [resource.id, resource.quantity])),
    },
    attributes: { ...checkout.selection.attributes, ...change.attributes },
    ...(change.promoCode !== undefined && { promoCode: normalCode(change.promoCode ?? '') || null }),
  }
  const period = plan.periods.find((each) => each.id === selection.planPeriodId && each.isPublic)
  const asked = period?.trial ? {} : selection.quantities
  const problems: Problem[] = checkQuantities(plan, period, asked).map((problem) => ({
    path: `resources.${problem.resourceId}`,
    code: problem.code,
    message: problem.message,
  }))
  if (!period)
    problems.push({
      path: 'plan_period_id',
      code: 'period_not_of_plan',
      message: 'Choose one of the periods of this plan.',
    })
  const known = new Set(plan.orderAttributes.map((attribute) => attribute.key))
  for (const [key, value] of Object.entries(change.attributes ?? {})) {
    if (!known.has(key))
      problems.push({ path: `attributes.${key}`, code: 'unknown', message: 'This plan does not ask for that.' })
    if (value.length > 500)
      problems.push({ path: `attributes.${key}`, code: 'too_long', message: 'Use at most 500 characters.' })
  }
  if (problems.length > 0)
    throw new BuylinkError('quantity_out_of_range', 'Some of this cannot be ordered.', { problems })
  // A trial has the plan's minimum of everything.
  const saved = period?.trial ? { ...selection, quantities: {} } : selection
  if (change.promoCode) await assertUsable(db, { ...checkout, selection: saved }, payer, snapshot, clock.now())
  if (!(await updateSelection(db, checkout, saved))) throw changedMeanwhile()
}

/** Other quantities of a draft that changes what runs. */
async function changeAgain(
  { db, clock, catalog }: { db: Db; clock: Clock; catalog: Catalog },
  { checkout, payer }: CheckoutContext,
  { planPeriodId, attributes, promoCode, resources, expectedVersion }: CheckoutChange,
): Promise<void> {
  if (promoCode) throw promoRefused('A code is for a new order; what runs keeps the discount it was ordered with.')
  if (planPeriodId !== undefined || attributes !== undefined || checkout.type === 'renewal')
    throw new BuylinkError('unprocessable', 'Only quantities of a running subscription can be changed.')
  if (expectedVersion !== undefined && expectedVersion !== checkout.version) throw changedMeanwhile()
  const running = checkout.subscriptionId && (await readRunning(db, checkout.sellerId, checkout.subscriptionId))
  if (!running) throw new BuylinkError('not_found', 'There is no such subscription.')
  const quantities = { ...checkout.selection.quantities, ...quantitiesOf(resources ?? []) }
  const selection = { ...checkout.selection, quantities }
  judgeDraft(await catalog.get(payer.sellerId), running, { ...checkout, selection }, payer, clock.now())
  if (!(await updateSelection(db, checkout, selection))) throw changedMeanwhile()
}

const changedMeanwhile = (): BuylinkError =>
  new BuylinkError('version_mismatch', 'This checkout was changed meanwhile. Load it again.')

/** @throws {BuylinkError} `conflict` (with the order's id) once placed, `checkout_expired` after its 30 days. */
export function assertOpen(checkout: Checkout, now: Date): void {
  if (checkout.status === 'placed') {
    throw new BuylinkError('conflict', 'This was ordered already.', { extra: { orderId: checkout.orderId } })
  }
  if (checkout.status === 'expired' || checkout.expiresAt <= now) {
    throw new BuylinkError(
      'checkout_expired',
      'This draft is older than 30 days. Open the link again to get today’s prices.',
    )
  }
}

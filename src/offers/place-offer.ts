import { BuylinkError } from '../kernel/errors.ts'
import type { CheckoutId, SellerId, StoreId } from '../kernel/ids.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import { build } from '../link/index.ts'
import { createChange, createCheckout, type PlacedOrder, placeOrder } from '../orders/index.ts'
import type { Principal } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { findDraft, findOffers, type KnownOffers } from './offers-view.ts'
import { recurringOf, stepsOf } from './present-answer.ts'
import { priceStep } from './recommend.ts'
import type { Situation, Step } from './schema.ts'
import { findSubject, readFacts } from './situation-view.ts'
import { type Agreed, chooseOffer, linkOrder, markPlaced, type OfferId, unchooseOffer } from './store.ts'

export type PlaceOfferDeps = Parameters<typeof placeOrder>[0] & {
  readonly storeIdOf: (sellerId: SellerId) => StoreId
}

export interface OfferPlacing {
  readonly offerId: OfferId
  readonly position: number
  /** What was shown for today, tax included. */
  readonly expectedTotal: Money
  /** `recurring_after` as shown: asked for where it is higher than before. */
  readonly acceptRecurring?: Money | undefined
  readonly acceptTerms: boolean
  readonly payFromBalance: boolean
}

/**
 * Orders an offer: each of its steps is a checkout that is placed once, by keys of the offer, so that a repeated or
 * interrupted confirmation goes on where it stood. One offer of an answer can be ordered, by one person.
 *
 * @throws {BuylinkError} `not_found`; `conflict` when another one was chosen; `gone` when what it would change is no longer there;
 *   `price_changed` with `current_total`; `recurring_not_accepted` with `current_recurring`; what placing its orders throws.
 */
export async function placeOffer(deps: PlaceOfferDeps, actor: Principal, placing: OfferPlacing): Promise<void> {
  const { db, clock } = deps
  const known = await findOffers(db, actor, placing.offerId)
  const shown = known?.answer.offers[placing.position]
  if (!known || !shown) throw new BuylinkError('not_found', 'There is no such offer.')
  if (known.status === 'placed' && known.chosen === placing.position) return
  const at = clock.now()
  const subject = await findSubject(db, actor, known.account.id)
  if (!subject) throw new BuylinkError('not_found', 'There is no such offer.')
  const { situation } = await readFacts(db, await deps.catalog.get(known.sellerId), subject, new Map(), at)
  const steps = stepsOf(shown, situation)
  if (!steps) throw new BuylinkError('gone', 'What this offer would change is no longer there. Look at today’s offers.')
  const by = `${actor.kind}:${actor.id}`
  const agreed = await transaction(db, (tx) =>
    chooseOffer(
      tx,
      { sellerId: known.sellerId, id: placing.offerId },
      placing.position,
      by,
      known.status === 'open' ? agreeOn(steps, situation, placing) : [],
    ),
  )
  if (!agreed)
    throw new BuylinkError(
      'conflict',
      'This was answered already: another offer was chosen, or somebody else chose it.',
    )
  crashPoint('offer.chosen')
  try {
    for (const [index, step] of steps.entries()) {
      const placed = await placeStep(deps, actor, known, step, index, agreed[index], placing)
      crashPoint('offer.ordered')
      await linkOrder(db, known.sellerId, placing.offerId, index, placed.id)
      crashPoint('offer.step_placed')
    }
  } catch (error) {
    if (error instanceof BuylinkError) await unchooseOffer(db, { sellerId: known.sellerId, id: placing.offerId })
    throw error
  }
  await finish(deps, actor, known, placing)
}

/** What is charged is what was shown; and a higher price a month is agreed to by name. */
function agreeOn(steps: readonly Step[], situation: Situation, placing: OfferPlacing): Agreed[] {
  const { currency } = situation.catalog
  const prices = steps.map((step) => priceStep(step, situation))
  const totalMinor = prices.reduce((sum, price) => sum + price.totalMinor, 0n)
  const { beforeMinor, afterMinor } = recurringOf(steps, situation)
  const money = (amountMinor: bigint) => ({ amount: formatAmount(amountMinor, currency), currency })
  if (!isSame(placing.expectedTotal, { amountMinor: totalMinor, currency }))
    throw new BuylinkError('price_changed', `The price changed: it is ${money(totalMinor).amount} ${currency} now.`, {
      extra: { currentTotal: money(totalMinor) },
    })
  if (
    afterMinor > beforeMinor &&
    !(placing.acceptRecurring && isSame(placing.acceptRecurring, { amountMinor: afterMinor, currency }))
  )
    throw new BuylinkError(
      'recurring_not_accepted',
      `From now on this costs ${money(afterMinor).amount} ${currency} a month. Agree to that price to order.`,
      { extra: { currentRecurring: money(afterMinor) } },
    )
  return steps.map((step, index) => ({
    totalMinor: (prices[index]?.totalMinor ?? 0n).toString(),
    recurringMinor: recurringOf([step], situation).afterMinor.toString(),
  }))
}

const isSame = (one: Money, other: Money): boolean =>
  one.amountMinor === other.amountMinor && one.currency === other.currency

async function placeStep(
  deps: PlaceOfferDeps,
  actor: Principal,
  known: KnownOffers,
  step: Step,
  index: number,
  agreed: Agreed | undefined,
  placing: OfferPlacing,
): Promise<PlacedOrder> {
  const currency = placing.expectedTotal.currency
  const key = `offer:${known.id}:${index}`
  const checkoutId =
    (await findDraft(deps.db, known.sellerId, `${actor.kind}:${actor.id}`, key)) ??
    (await draft(deps, actor, known, step, key))
  return placeOrder(deps, actor, {
    checkoutId,
    expectedTotal: { amountMinor: BigInt(agreed?.totalMinor ?? 0), currency },
    acceptTerms: placing.acceptTerms,
    allowSecond: true,
    ...(agreed?.recurringMinor && { acceptRecurring: { amountMinor: BigInt(agreed.recurringMinor), currency } }),
    payFromBalance: placing.payFromBalance,
  })
}

function draft(
  deps: PlaceOfferDeps,
  actor: Principal,
  { sellerId, account, correlationId }: KnownOffers,
  step: Step,
  idempotencyKey: string,
): Promise<CheckoutId> {
  const common = { idempotencyKey, correlationId }
  const resources = [...step.quantities].map(([resourceId, quantity]) => ({ id: resourceId, quantity }))
  if (step.kind !== 'addon')
    return createChange(deps, actor, {
      ...common,
      subscriptionId: step.subscriptionId,
      target: step.kind === 'switch' ? { planId: step.planId, planPeriodId: step.planPeriodId } : undefined,
      resources,
      storeIdOf: () => deps.storeIdOf(sellerId),
    })
  const sold =
    deps.catalog
      .peek(sellerId)
      ?.plans.get(step.planId)
      ?.resources.filter(({ isPublic }) => isPublic) ?? []
  return createCheckout(deps, actor, {
    ...common,
    accountId: account.id,
    storeId: deps.storeIdOf(sellerId),
    link: build({
      base: '/client/new_order',
      application: {
        plan_id: step.planId,
        plan_period_id: step.planPeriodId,
        resources: resources
          .filter((each) => sold.some((resource) => resource.id === each.id))
          .map((each) => ({ id: each.id, quantity: each.quantity.toString() })),
      },
    }),
    cookieKey: null,
  })
}

async function finish(
  { db, clock }: PlaceOfferDeps,
  actor: Principal,
  { sellerId, account, correlationId }: KnownOffers,
  { offerId, position }: OfferPlacing,
): Promise<void> {
  const at = clock.now()
  await transaction(db, async (tx) => {
    if (!(await markPlaced(tx, sellerId, offerId, at))) return
    const about = { sellerId, subject: { kind: 'offer', id: offerId }, tenantId: account.id, actor, correlationId, at }
    const payload = { offer_id: offerId, account_id: account.id, position }
    await publish(tx, { ...about, type: 'offer.placed', payload })
    await audit(tx, { ...about, action: 'offer.place', details: payload })
  })
}

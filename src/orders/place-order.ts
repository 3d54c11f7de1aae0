import type { Pool } from 'pg'
import { isSelfReferral } from '../attribution/index.ts'
import { type LinkDecision, mayLink } from '../attribution/rules.ts'
import { type PricedSelection, priceSelection } from '../buylinks/rules.ts'
import type { Catalog } from '../catalog/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { CheckoutId, SellerId } from '../kernel/ids.ts'
import { formatAmount } from '../kernel/money.ts'
import type { Clock } from '../kernel/time.ts'
import { actorLabel, type Principal } from '../platform/actor.ts'
import type { Batcher } from '../platform/batcher.ts'
import { createSharedBatcher } from '../platform/shared-batcher.ts'
import { crashPoint } from '../platform/crash-points.ts'
import type { Db } from '../platform/db.ts'
import { assertOpen } from './change-checkout.ts'
import {
  type CheckoutContext,
  type CheckoutReader,
  createCheckoutReader,
  findCheckout,
  type Payer,
} from './checkout-context-view.ts'
import { askToLeaveHold } from './leave-hold.ts'
import type { ManagerKeys } from './create-checkout.ts'
import type { QuotasOf } from '../subscriptions/index.ts'
import { placeChange } from './place-change.ts'
import type { PlacingRow } from './place-order.hot.ts'
import { findPlaced, type PlacedOrder, placedFrom } from './placed-order-view.ts'
import { placeAll } from './place-with-codes.ts'
import { placingRow } from './placing-row.ts'
import { readPromo } from './read-promo.ts'
import type { PlaceRequest } from './schema.ts'

/** What placing puts to the database for many callers at once: reads of checkouts, and the placing itself. */
export interface PlacingQueue {
  readonly read: CheckoutReader
  readonly place: Batcher<SellerId, { readonly row: PlacingRow }, PlacedOrder | undefined>
  /** Resolves when nothing waits or runs, for a clean stop. */
  idle(): Promise<void>
}

/** Gathers what waits into one statement, whatever the seller; each seller's orders are under way in one, so its locks never cross. */
export function createPlacingQueue(pool: Pool): PlacingQueue {
  const read = createCheckoutReader(pool)
  const place: PlacingQueue['place'] = createSharedBatcher({
    run: async (items) => {
      const rows = await placeAll(pool, placingsOf(items.map(({ item }) => item.row)))
      const byOrder = new Map(rows.map((row) => [row.orderId, row]))
      return items.map(({ item: { row } }) => {
        const placed = byOrder.get(row.order_id)
        return placed && placedFrom(row, placed)
      })
    },
  })
  return {
    read,
    place,
    async idle() {
      await read.idle()
      await place.idle()
    },
  }
}

/** Of two clicks on one checkout the first is written; the other finds it placed when it looks again. */
function placingsOf(rows: readonly PlacingRow[]): PlacingRow[] {
  const firsts = new Map(rows.toReversed().map((row) => [row.checkout_id, row]))
  return [...firsts.values()].reverse().map((row, position) => ({ ...row, position }))
}

export interface PlaceDeps {
  readonly db: Db
  readonly clock: Clock
  readonly catalog: Catalog
  readonly managers: ManagerKeys
  readonly queue: PlacingQueue
  readonly termsUrlOf: (storeId: string) => string | null
  /** Quotas live above orders; the application hands this in. */
  readonly quotasOf: QuotasOf
}

/** Each round has seen something newer than the one before: the catalogue, the account, or the checkout. */
const ROUNDS = 5

/**
 * Places a checkout: once, however often and from wherever it is asked; every answer is the same one.
 *
 * @throws {BuylinkError} `not_found`; `checkout_expired`; `gone` when it is no longer sold; `price_changed` (409, with
 *   the total of today); `registration_incomplete`; `terms_not_accepted`; `unprocessable` for a missing attribute;
 *   `second_subscription`; `trial_used`; for a change what `placeChange` throws; `forbidden` for an account on administrative
 *   hold, and on credit hold for a trial and for what changes what runs (facts A4.1).
 */
export async function placeOrder(deps: PlaceDeps, actor: Principal, request: PlaceRequest): Promise<PlacedOrder> {
  for (let round = 1; ; round++) {
    const context =
      (await deps.queue.read.submit(actor.sellerId, { id: request.checkoutId, actor })) ??
      (await findCheckout(deps.db, actor, request.checkoutId))
    if (!context) throw new BuylinkError('not_found', 'There is no such checkout.')
    const { checkout, payer } = context
    if (checkout.orderId) return findPlaced(deps.db, checkout.sellerId, checkout.orderId)
    const at = deps.clock.now()
    assertOpen(checkout, at)
    const snapshot = round === 1 ? await deps.catalog.get(payer.sellerId) : await deps.catalog.refresh(payer.sellerId)
    if (checkout.type !== 'sales') {
      assertActive(payer)
      assertNotHeld(payer)
      const changed = await placeChange(deps, actor, context, request, snapshot, at)
      if (changed) return changed
      if (round < ROUNDS) continue
      throw new BuylinkError('conflict', 'Prices are being changed right now. Try again in a moment.')
    }
    const promo = await readPromo(deps.db, checkout, payer, snapshot, at)
    const priced = priceSelection(snapshot, checkout.selection, payer, at, promo?.usable)
    if ('kind' in priced) throw new BuylinkError('gone', priced.message)
    const termsUrl = deps.termsUrlOf(checkout.storeId)
    assertMayPlace(context, priced, request, termsUrl)

    const manager = checkout.managerKey ? deps.managers.findByKey(checkout.managerKey) : undefined
    const decision = await refuseSelf(
      deps.db,
      payer,
      mayLink({ manager, key: checkout.managerKey, sellerPath: payer.sellerPath, account: payer }),
    )
    const isHeld = payer.status === 'credit_hold'
    const row = placingRow({
      context,
      priced,
      priceVersion: snapshot.version,
      actor,
      placedBy: actorLabel(actor),
      keyOf: manager?.id ?? null,
      decision,
      termsUrl,
      holdPayment: isHeld && priced.payment ? await askToLeaveHold(deps.db, deps.clock, actor, payer) : undefined,
      at,
    })
    crashPoint('order.before_placing')
    const placed = await deps.queue.place.submit(checkout.sellerId, { row })
    crashPoint('order.placed')
    if (placed) return placed
    if (round === ROUNDS) throw await refusal(deps.db, actor, request.checkoutId, priced)
  }
}

/** Whoever buys with their own key is credited with nothing. Asked only where an account is about to be linked. */
async function refuseSelf(db: Db, payer: CheckoutContext['payer'], decision: LinkDecision): Promise<LinkDecision> {
  return decision.kind === 'link' && (await isSelfReferral(db, payer, decision.managerId))
    ? { kind: 'keep', reason: 'self_referral' }
    : decision
}

function assertMayPlace(
  { payer, existing, checkout }: CheckoutContext,
  priced: PricedSelection,
  request: PlaceRequest,
  termsUrl: string | null,
): void {
  const { plan, quote } = priced
  assertActive(payer)
  if (priced.period.trial && payer.status === 'credit_hold')
    throw new BuylinkError('forbidden', 'This account is on credit hold. Top up the balance, then try something new.')
  if (payer.registration !== 'full') {
    throw new BuylinkError('registration_incomplete', 'Complete your registration before ordering.')
  }
  const missing = plan.orderAttributes.filter(
    (attribute) => attribute.required && !checkout.selection.attributes[attribute.key]?.trim(),
  )
  if (missing.length > 0) {
    throw new BuylinkError('unprocessable', 'The plan asks for something more.', {
      problems: missing.map(({ key, label }) => ({
        path: `attributes.${key}`,
        code: 'required',
        message: `Enter ${label}.`,
      })),
    })
  }
  if (termsUrl !== null && !request.acceptTerms) {
    throw new BuylinkError('terms_not_accepted', 'Accept the terms and conditions to order.')
  }
  const { amountMinor, currency } = request.expectedTotal
  if (amountMinor !== quote.totalMinor || currency !== quote.currency) {
    const currentTotal = { amount: formatAmount(quote.totalMinor, quote.currency), currency: quote.currency }
    throw new BuylinkError(
      'price_changed',
      `The price changed: it is ${currentTotal.amount} ${currentTotal.currency} now.`,
      {
        extra: { currentTotal },
      },
    )
  }
  if (
    existing.length > 0 &&
    (plan.secondSubscription === 'refuse' || (plan.secondSubscription === 'ask' && !request.allowSecond))
  ) {
    throw secondSubscription(plan.secondSubscription === 'refuse', existing[0]?.name ?? plan.name)
  }
}

function assertActive({ status, holdReason }: Payer): void {
  if (status === 'administrative_hold' && holdReason !== '')
    throw new BuylinkError('forbidden', `This account is on hold, so nothing can be ordered: ${holdReason}`)
  if (status === 'administrative_hold' || status === 'deleted')
    throw new BuylinkError('forbidden', 'This account may not order now. Ask your provider why.')
}

/** What runs is not touched while the account owes (facts A4.1); a new order is another matter. */
function assertNotHeld({ status }: Payer): void {
  if (status === 'credit_hold')
    throw new BuylinkError('forbidden', 'This account is on credit hold. Top up the balance, then change what runs.')
}

const secondSubscription = (isRefused: boolean, name: string): BuylinkError =>
  new BuylinkError(
    'second_subscription',
    isRefused
      ? `This account has ${name} already; a second one is not sold.`
      : `This account has ${name} already. Order a second one all the same?`,
    { extra: { mayConfirm: !isRefused } },
  )

/** Why the statement kept refusing what looked right: the keys that no reading can hold still. */
async function refusal(db: Db, actor: Principal, id: CheckoutId, priced: PricedSelection): Promise<BuylinkError> {
  const context = await findCheckout(db, actor, id)
  if (priced.period.trial)
    return new BuylinkError('trial_used', 'This account has tried this product before; a trial is given once.')
  if (context && context.existing.length > 0) return secondSubscription(true, priced.plan.name)
  return new BuylinkError('conflict', 'Prices are being changed right now. Try again in a moment.')
}

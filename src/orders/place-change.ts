import type { Catalog } from '../catalog/index.ts'
import type { CatalogSnapshot } from '../catalog/schema.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import type { Principal } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import type { QuotasOf } from '../subscriptions/index.ts'
import type { SubscriptionResource } from '../subscriptions/schema.ts'
import { assertOpen } from './change-checkout.ts'
import { lockCheckout, readRunning } from './change-context-view.ts'
import type { CheckoutContext } from './checkout-context-view.ts'
import { judgeDraft } from './judge-draft.ts'
import { findPlaced, type PlacedOrder } from './placed-order-view.ts'
import { usedAbove } from '../subscriptions/rules.ts'
import type { PricedChange, Running } from './rules.ts'
import type { PlaceRequest } from './schema.ts'
import { writeChange } from './write-change.ts'

export interface PlaceChangeDeps {
  readonly db: Db
  readonly catalog: Catalog
  readonly quotasOf: QuotasOf
}

/**
 * Places a change of a running subscription: once, however often it is asked; the locks of the checkout and of the
 * subscription queue what comes at once. It is done at once where nothing has to be paid first.
 *
 * @returns undefined where the prices or the account changed since `snapshot` was read: read again, and try again.
 * @throws {BuylinkError} As `placeOrder`; `order_unfinished` while another order of the subscription is;
 *   `recurring_not_accepted`; `usage_above_quota`; `balance_too_low`; what `judgeChange` refuses.
 */
export async function placeChange(
  { db, quotasOf }: PlaceChangeDeps,
  actor: Principal,
  { checkout, payer, existing }: CheckoutContext,
  request: PlaceRequest,
  snapshot: CatalogSnapshot,
  at: Date,
): Promise<PlacedOrder | undefined> {
  const { sellerId, subscriptionId } = checkout
  if (subscriptionId === null) throw new BuylinkError('not_found', 'There is no such checkout.')
  return transaction(db, async (tx) => {
    const locked = await lockCheckout(tx, checkout)
    if (!locked) throw new BuylinkError('not_found', 'There is no such checkout.')
    if (locked.orderId) return findPlaced(tx, sellerId, locked.orderId)
    assertOpen({ ...checkout, status: locked.status }, at)
    const isAsRead =
      locked.version === checkout.version &&
      locked.accountVersion === payer.version &&
      locked.priceVersion === snapshot.version
    if (!isAsRead) return undefined
    if (locked.unfinishedOrderId) throw unfinished(locked.unfinishedOrderId)
    const running = await readRunning(tx, sellerId, subscriptionId)
    if (!running) throw new BuylinkError('not_found', 'There is no such subscription.')
    const priced = judgeDraft(snapshot, running, checkout, payer, at)
    if (checkout.type === 'switch' && existing.length > 0 && priced.plan.secondSubscription === 'refuse')
      throw new BuylinkError('second_subscription', `This account has ${priced.plan.name} already.`)
    if (checkout.type === 'change' && priced.resources.every(({ id, quantity }) => priced.before.get(id) === quantity))
      throw new BuylinkError('unprocessable', 'The subscription has exactly this already.')
    assertAgreed(running, priced, request)
    await assertRoom(tx, quotasOf, running, priced.resources)
    const paysFromBalance = request.payFromBalance === true && priced.payment !== null
    const placed = await writeChange(tx, {
      actor,
      checkout,
      payer,
      running,
      priced,
      paysFromBalance,
      priceVersion: snapshot.version,
      at,
    })
    crashPoint('change.before_commit')
    return placed
  })
}

const unfinished = (orderId: string): BuylinkError =>
  new BuylinkError(
    'order_unfinished',
    'Another order of this subscription is not finished yet. Pay or cancel it first.',
    {
      extra: { orderId },
    },
  )

/** What was shown is what is charged, and a higher price a month is agreed to by name. */
function assertAgreed({ subscription }: Running, { quote }: PricedChange, request: PlaceRequest): void {
  const { currency } = quote
  if (!equals(request.expectedTotal, { amountMinor: quote.totalMinor, currency })) {
    const currentTotal = { amount: formatAmount(quote.totalMinor, currency), currency }
    throw new BuylinkError('price_changed', `The price changed: it is ${currentTotal.amount} ${currency} now.`, {
      extra: { currentTotal },
    })
  }
  const accepted = request.acceptRecurring
  const isHigher = quote.recurringMinor > subscription.recurringMinor
  if (isHigher && !(accepted && equals(accepted, { amountMinor: quote.recurringMinor, currency }))) {
    const currentRecurring = { amount: formatAmount(quote.recurringMinor, currency), currency }
    throw new BuylinkError(
      'recurring_not_accepted',
      `From the next renewal on this costs ${currentRecurring.amount} ${currency} a month. Agree to that price to order.`,
      { extra: { currentRecurring } },
    )
  }
}

const equals = (a: Money, b: Money): boolean => a.amountMinor === b.amountMinor && a.currency === b.currency

/** Less than what is used would be a quota exceeded by our own doing. */
async function assertRoom(
  tx: Tx,
  quotasOf: QuotasOf,
  { subscription, resources }: Running,
  after: readonly SubscriptionResource[],
): Promise<void> {
  const quotas = await quotasOf(tx, subscription.sellerId, subscription.tenantId)
  const above = usedAbove(resources, after, quotas)
  if (above.length === 0) return
  throw new BuylinkError('usage_above_quota', 'More is in use than would be left. Free some of it first.', {
    problems: above.map(({ usageName, used, value }) => ({
      path: `quotas.${usageName}`,
      code: 'usage_above_quota',
      message: `${used} in use, ${value} would be left.`,
    })),
  })
}

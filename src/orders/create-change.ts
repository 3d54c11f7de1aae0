import type { Catalog } from '../catalog/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CheckoutId, type CorrelationId, newId, type StoreId, type SubscriptionId } from '../kernel/ids.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { findRunning } from './change-context-view.ts'
import { insertCheckout } from './checkout-store.ts'
import { KEPT_DAYS } from './create-checkout.ts'
import { judgeDraft } from './judge-draft.ts'

export interface ChangeRequest {
  readonly subscriptionId: SubscriptionId
  /** Of a switch, the plan to go to. */
  readonly target?: { readonly planId: string; readonly planPeriodId: string } | undefined
  /** Renews it instead: for another period of its plan, or the same again. */
  readonly renewal?: { readonly planPeriodId?: string | undefined } | undefined
  /** Totals; what is not named stays. */
  readonly resources: readonly { readonly id: string; readonly quantity: bigint }[]
  readonly storeIdOf: (sellerId: string) => StoreId
  readonly idempotencyKey: string | null
  /** Of what led here, say an alert; by default a new one. */
  readonly correlationId?: CorrelationId | undefined
}

/**
 * Makes a draft order that changes a running subscription: other quantities of its resources, another plan, or
 * another period. Nothing is changed yet.
 *
 * @throws {BuylinkError} `not_found`; `conflict` while the subscription takes no change; `unprocessable` and
 *   `quantity_out_of_range` for what cannot be had.
 */
export async function createChange(
  { db, clock, catalog }: { db: Db; clock: Clock; catalog: Catalog },
  actor: Principal,
  request: ChangeRequest,
): Promise<CheckoutId> {
  const running = await findRunning(db, actor, request.subscriptionId)
  if (!running) throw new BuylinkError('not_found', 'There is no such subscription.')
  const { subscription, payer } = running
  const at = clock.now()
  const draft = {
    type: request.renewal ? ('renewal' as const) : request.target ? ('switch' as const) : ('change' as const),
    selection: {
      planId: request.target?.planId ?? subscription.planId,
      planPeriodId: request.renewal?.planPeriodId ?? request.target?.planPeriodId ?? subscription.planPeriodId,
      quantities: quantitiesOf(request.resources),
      topupMinor: null,
      attributes: {},
      skipAllSteps: true,
      orderType: null,
      ga: null,
    },
  }
  judgeDraft(await catalog.get(payer.sellerId), running, draft, payer, at)
  return insertCheckout(db, {
    sellerId: payer.sellerId,
    id: newId(at.getTime()),
    ...draft,
    subscriptionId: subscription.id,
    accountId: payer.id,
    storeId: request.storeIdOf(payer.sellerId),
    createdBy: `${actor.kind}:${actor.id}`,
    query: '',
    managerKey: null,
    touch: null,
    idempotencyKey: request.idempotencyKey,
    correlationId: request.correlationId ?? newId(at.getTime()),
    createdAt: at,
    expiresAt: addDays(at, KEPT_DAYS),
  })
}

export const quantitiesOf = (resources: ChangeRequest['resources']): Record<string, bigint> =>
  Object.fromEntries(resources.map(({ id, quantity }) => [id, quantity]))

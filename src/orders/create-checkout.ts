import { effectiveTouch, parseTouch, touchOf } from '../attribution/rules.ts'
import { checkLink, malformedProblem, type Problem, statusOfProblems } from '../buylinks/rules.ts'
import type { Catalog } from '../catalog/index.ts'
import { normalCode } from '../discounts/rules.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type CheckoutId, type CorrelationId, newId, type StoreId, type TenantId } from '../kernel/ids.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import { inspect } from '../link/index.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { findPayer } from './checkout-context-view.ts'
import { insertCheckout } from './checkout-store.ts'
import { assertUsable } from './read-promo.ts'

/** Drafts are kept this long (spec/buy-links.md "From the link to the order"). */
export const KEPT_DAYS = 30

export interface CheckoutRequest {
  readonly accountId: TenantId
  readonly storeId: StoreId
  /** The link's query, or a whole URL; bytes as they came. */
  readonly link: string
  /** Value of the browser's attribution cookie, for a link without a key. */
  readonly cookieKey: string | null
  readonly idempotencyKey: string | null
  /** As it was typed. */
  readonly promoCode?: string | undefined
  /** Of what led here, say an alert; by default a new one. */
  readonly correlationId?: CorrelationId | undefined
}

export type ManagerKeys = Parameters<typeof effectiveTouch>[0]['directory']

/**
 * Makes a draft order from a link, for an account the caller may order for. Nothing is sold yet: prices are today's
 * each time it is looked at, until it is placed.
 *
 * @throws {BuylinkError} `not_found` for an account the caller does not see; `link_invalid` with every problem of the
 *   link and the status of spec/buy-links.md "Codes"; `promo_code_refused`.
 */
export async function createCheckout(
  { db, clock, catalog, managers }: { db: Db; clock: Clock; catalog: Catalog; managers: ManagerKeys },
  actor: Principal,
  request: CheckoutRequest,
): Promise<CheckoutId> {
  const payer = await findPayer(db, actor, request.accountId)
  if (!payer) throw new BuylinkError('not_found', 'There is no such account.')
  const read = inspect(request.link)
  if ('error' in read) throw invalidLink([malformedProblem(read)])
  const snapshot = await catalog.get(payer.sellerId)
  const checked = checkLink(read, snapshot)
  if (checked.errors.length > 0 || !checked.plan || !checked.period) throw invalidLink(checked.errors)
  const at = clock.now()
  const touch = effectiveTouch({
    incoming: touchOf(read.draft.manager_key, 'buy_link', at),
    existing: parseTouch(request.cookieKey, at),
    sellerPath: payer.sellerPath,
    directory: managers,
  })
  const selection = {
    planId: checked.plan.id,
    planPeriodId: checked.period.id,
    quantities: checked.quantities,
    topupMinor: checked.topupMinor,
    attributes: {},
    skipAllSteps: read.draft.skip_all_steps,
    orderType: read.draft.order_type,
    ga: read.draft.ga,
    promoCode: normalCode(request.promoCode ?? '') || null,
  }
  const { sellerId, id: accountId } = payer
  await assertUsable(db, { sellerId, accountId, selection }, payer, snapshot, at)
  return insertCheckout(db, {
    sellerId,
    id: newId(at.getTime()),
    type: 'sales',
    subscriptionId: null,
    accountId,
    storeId: request.storeId,
    createdBy: `${actor.kind}:${actor.id}`,
    query: request.link,
    selection,
    managerKey: touch?.key ?? null,
    touch: touch && { channel: touch.channel, at: touch.at?.toISOString() ?? null },
    idempotencyKey: request.idempotencyKey,
    correlationId: request.correlationId ?? newId(at.getTime()),
    createdAt: at,
    expiresAt: addDays(at, KEPT_DAYS),
  })
}

/** All problems of a link as one error, in the same shape as `explain` tells them. */
export const invalidLink = (problems: readonly Problem[]): BuylinkError =>
  new BuylinkError('link_invalid', 'This link cannot be ordered from.', {
    status: statusOfProblems(problems),
    extra: { errors: problems },
  })

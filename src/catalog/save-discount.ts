import { accountNames } from '../accounts/index.ts'
import { lockDiscount, writeDiscount } from '../discounts/index.ts'
import type { Discount, DiscountId, OwnDiscount } from '../discounts/schema.ts'
import { differences } from '../kernel/differences.ts'
import { BuylinkError, invariant, type Problem } from '../kernel/errors.ts'
import { newId, type SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { ensurePriceList } from './ensure-price-list.ts'
import { findPlan, listDelegations, listOwnPlans, listOwnProducts, type OwnPlan } from './own-catalog.ts'
import { belowCostOf } from './discount-cost.ts'
import { changedMeanwhile } from './save-plan.ts'
import { raiseVersions } from './write-catalog.ts'

export type DiscountDraft = Omit<OwnDiscount, 'sellerId' | 'id' | 'version' | 'createdAt'>

export interface DiscountSave {
  readonly sellerId: SellerId
  /** Absent: a new one. */
  readonly id?: DiscountId | undefined
  /** What it shall be, made from what it is now. Called with its row locked. */
  readonly draft: (former: OwnDiscount | undefined, currency: string) => DiscountDraft
  readonly expectedVersion?: bigint | undefined
}

/**
 * Writes a discount of a seller's own. Orders that were given it keep what they were given, and so do the renewals that
 * it was granted for (docs/adr/0016-discounts.md).
 *
 * @throws {BuylinkError} `unprocessable` with every problem; `version_mismatch`; `not_found`: another seller's.
 */
export async function saveDiscount(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { sellerId, id, draft, expectedVersion }: DiscountSave,
): Promise<OwnDiscount> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    const currency = await ensurePriceList(tx, sellerId, at)
    const former = id === undefined ? undefined : await lockDiscount(tx, sellerId, id)
    if (id !== undefined && !former) throw new BuylinkError('not_found', 'There is no such discount.')
    if (former && expectedVersion !== undefined && former.version !== expectedVersion) throw changedMeanwhile()
    const next = draft(former, currency)
    const problems = await problemsOf(tx, sellerId, next, former)
    if (problems.length > 0) throw new BuylinkError('unprocessable', 'This discount cannot be saved.', { problems })
    const changes = differences(former && plain(former), plain(next))
    if (former && changes.length === 0) return former
    const saved = { ...next, sellerId, id: former?.id ?? newId<DiscountId>(at.getTime()), createdAt: at }
    const { problems: losses, isRefused } = next.active
      ? await belowCostOf(tx, sellerId, saved)
      : { problems: [], isRefused: false }
    if (isRefused)
      throw new BuylinkError('unprocessable', 'This would sell below net cost, which is not allowed here.', {
        problems: losses,
      })
    await writeDiscount(tx, saved, at)
    await raiseVersions(tx, sellerId, null, at)
    const about = aboutCatalog(actor, sellerId, { kind: 'discount', id: saved.id }, at)
    await audit(tx, {
      ...about,
      action: former ? 'discount.update' : 'discount.create',
      details: changeDetails(changes),
    })
    const written = await lockDiscount(tx, sellerId, saved.id)
    invariant(written, 'it was written just now')
    return written
  })
}

const plain = ({ name, needsCode, off, fees, periods, startsAt, endsAt, active, ...scope }: DiscountDraft) => ({
  name,
  needsCode,
  percent: off.kind === 'percent' ? off.basisPoints / 100 : undefined,
  amount: off.kind === 'amount' ? off.amountMinor : undefined,
  fees,
  periods,
  startsAt,
  endsAt,
  active,
  productIds: scope.productIds,
  planIds: scope.planIds,
  planPeriodIds: scope.planPeriodIds,
  accountIds: scope.accountIds,
  ownedPlanIds: scope.ownedPlanIds,
})

/** Every plan that a seller sells, its own and those it sells on. */
export async function plansOf(tx: Db | Tx, sellerId: SellerId): Promise<OwnPlan[]> {
  const delegated = await Promise.all(
    (await listDelegations(tx, { sellerId })).map(({ planId }) => findPlan(tx, planId)),
  )
  return [...(await listOwnPlans(tx, sellerId)), ...delegated.filter((plan) => plan !== undefined)]
}

async function problemsOf(
  tx: Tx,
  sellerId: SellerId,
  draft: DiscountDraft,
  former: OwnDiscount | undefined,
): Promise<Problem[]> {
  const plans = await plansOf(tx, sellerId)
  const products = [
    ...(await listOwnProducts(tx, sellerId)).map(({ id }) => id),
    ...plans.map((plan) => plan.productId),
  ]
  const accounts = await accountNames(tx, sellerId, draft.accountIds)
  const known: Record<'productIds' | 'planIds' | 'planPeriodIds' | 'accountIds' | 'ownedPlanIds', readonly string[]> = {
    ownedPlanIds: plans.map(({ id }) => id),
    // Who has left since stays named.
    accountIds: [...accounts.map(({ id }) => id), ...(former?.accountIds ?? [])],
    productIds: products,
    planIds: plans.map(({ id }) => id),
    planPeriodIds: plans.flatMap(({ periods }) => periods.map(({ id }) => id)),
  }
  const unknown = (field: keyof typeof known & keyof Discount, path: string, what: string): Problem[] =>
    draft[field]
      .filter((id) => !known[field].includes(id))
      .map((id) => ({
        path,
        code: 'unknown',
        message: `There is no ${what} ${id}${what === 'account' ? ' among your customers' : ' that you sell'}.`,
      }))
  const isBackwards = draft.startsAt !== null && draft.endsAt !== null && draft.endsAt <= draft.startsAt
  return [
    ...unknown('productIds', 'product_ids', 'product'),
    ...unknown('planIds', 'plan_ids', 'plan'),
    ...unknown('planPeriodIds', 'plan_period_ids', 'plan period'),
    ...unknown('accountIds', 'account_ids', 'account'),
    ...unknown('ownedPlanIds', 'owned_plan_ids', 'plan'),
    ...(isBackwards ? [{ path: 'ends_at', code: 'invalid', message: 'It ends before it begins.' }] : []),
  ]
}

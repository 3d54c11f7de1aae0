import { differences } from '../kernel/differences.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import { parseDecimal } from '../kernel/decimal.ts'
import { parseAmount } from '../kernel/money.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { getTenant, isAtOrBelow, isSeller, listAncestorsOrSelf, type Tenant, tenantOf } from '../tenants/index.ts'
import { assertAboveCost } from './assert-above-cost.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { ensurePriceList } from './ensure-price-list.ts'
import { type Delegation, findPlan, listDelegations, type OwnPlan } from './own-catalog.ts'
import { fieldProblem } from './save-product.ts'
import { delegatePlan } from './write-catalog.ts'

export interface DelegationSave {
  readonly planId: string
  /** The reseller that is to sell the plan on. */
  readonly sellerId: TenantId
  /** Off: it, and all below it, stop selling the plan. */
  readonly active?: boolean | undefined
  readonly markupBasisPoints?: number | undefined
  /** What one unit of the currency above is in the reseller's, with up to 4 decimals. */
  readonly exchangeRate?: string | undefined
  /** In place of computed prices, by `period:{id}:recurring` and the like: decimals in the reseller's currency. */
  readonly fixedPrices?: Readonly<Record<string, string>> | undefined
}

/**
 * Lets a reseller sell a plan of those above it on, and sets its price. Whoever sells the plan above decides that it
 * may and at which rate of exchange; the reseller's own people decide on markup and fixed prices.
 * Publishes `plan.delegated`.
 *
 * @throws {BuylinkError} `not_found`; `forbidden`: not theirs to decide; `unprocessable`: nobody above sells it, or a price is wrong or too low.
 */
export async function saveDelegation(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  save: DelegationSave,
): Promise<Delegation> {
  return transaction(db, async (tx) => {
    const { planId } = save
    const to = await getTenant(tx, actor, save.sellerId)
    if (!isSeller(to.kind)) throw new BuylinkError('unprocessable', `A ${to.kind} sells nothing.`)
    const plan = await findPlan(tx, planId)
    const from = plan && (await holderAbove(tx, plan, to.id))
    if (!plan || !from) throw new BuylinkError('not_found', 'There is no such plan above this reseller.')
    const [former] = await listDelegations(tx, { planId, sellerId: to.sellerId })
    const decidesAbove = isAtOrBelow(from.path, actor.path)
    if (!decidesAbove && (!former || save.active !== undefined || save.exchangeRate !== undefined))
      throw new BuylinkError(
        'forbidden',
        'Only who sells the plan above decides whether you sell it, and at which rate.',
      )
    const at = clock.now()
    const currency = await ensurePriceList(tx, to.sellerId, at)
    const next: Omit<Delegation, 'planId'> = {
      sellerId: to.sellerId,
      delegatedBy: from.sellerId,
      active: save.active ?? former?.active ?? true,
      markupBasisPoints: save.markupBasisPoints ?? former?.markupBasisPoints ?? 0,
      exchangeRate: save.exchangeRate ?? former?.exchangeRate ?? '1',
      fixedPrices: save.fixedPrices ? readFixedPrices(save.fixedPrices, plan, currency) : (former?.fixedPrices ?? {}),
    }
    const changes = differences(former && comparable(former), comparable({ planId, ...next }))
    if (former && changes.length === 0) return former
    if (next.active) await assertAboveCost(tx, plan, next)
    await delegatePlan(tx, { ...next, planId, from: next.delegatedBy, to: next.sellerId, at })
    const about = aboutCatalog(actor, to.sellerId, { kind: 'plan', id: planId }, at)
    await publish(tx, { ...about, type: 'plan.delegated', payload: { plan_id: planId, active: next.active } })
    await audit(tx, { ...about, action: 'plan.delegate', details: changeDetails(changes) })
    const [saved] = await listDelegations(tx, { planId, sellerId: to.sellerId })
    invariant(saved, 'it was written just now')
    return saved
  })
}

const comparable = ({ fixedPrices, exchangeRate, ...rest }: Delegation) => ({
  ...rest,
  exchangeRate: String(Number(exchangeRate)),
  ...fixedPrices,
})

/** The nearest seller above a reseller that sells the plan: its owner, or who got it from further above. */
export async function holderAbove(
  tx: Db | Tx,
  plan: Pick<OwnPlan, 'id' | 'sellerId'>,
  below: TenantId,
): Promise<Tenant | undefined> {
  const above = (await listAncestorsOrSelf(tx, below)).filter(({ id, kind }) => id !== below && isSeller(kind))
  const sellers = new Set((await listDelegations(tx, { planId: plan.id })).map((each) => each.sellerId))
  return above.findLast(({ sellerId }) => sellerId === plan.sellerId || sellers.has(sellerId))
}

const KEY =
  /^(?:plan:minimum_topup|period:(\d+):(?:setup|recurring|renewal)|resource:(\d+):(?:setup|recurring|renewal|overuse|unit_price))$/

/** Checks that each price is of this plan and fits the currency. */
function readFixedPrices(
  prices: Readonly<Record<string, string>>,
  plan: OwnPlan,
  currency: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(prices).map(([key, price]) => {
      const match = KEY.exec(key)
      const [, periodId, resourceId] = match ?? []
      const isOfPlan =
        match !== null &&
        (periodId === undefined || plan.periods.some(({ id }) => id === periodId)) &&
        (resourceId === undefined || plan.resources.some(({ id }) => id === resourceId))
      if (!isOfPlan) throw fieldProblem('fixed_prices', `Plan ${plan.name} has no price called ${key}.`)
      if (key.endsWith(':unit_price')) {
        const value = parseDecimal(price)
        if (!value || value.units < 0n) throw fieldProblem('fixed_prices', `${key}: ${price} is no price.`)
        return [key, price]
      }
      const minor = parseAmount(price, currency)
      if (minor === undefined || minor < 0n)
        throw fieldProblem('fixed_prices', `${key}: ${price} is no amount in ${currency}.`)
      return [key, minor.toString()]
    }),
  )
}

/** The seller whose catalogue someone works on: their own, else one below them. @throws {BuylinkError} `not_found`. */
export async function sellerFor(db: Db | Tx, actor: Principal, sellerId: TenantId | undefined): Promise<SellerId> {
  const tenant = await getTenant(db, actor, sellerId ?? tenantOf(actor.sellerId))
  if (!isSeller(tenant.kind)) throw new BuylinkError('not_found', 'There is no such reseller.')
  return tenant.sellerId
}

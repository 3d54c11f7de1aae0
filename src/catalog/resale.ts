import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { getTenant, isAtOrBelow, isSeller, listAncestorsOrSelf, type Tenant } from '../tenants/index.ts'
import { holderAbove } from './delegate.ts'
import { currencyOf } from './ensure-price-list.ts'
import { type Delegation, findPlan, findPriceList, listDelegations, listOwnPlans, type OwnPlan } from './own-catalog.ts'
import { type ResalePrice, resalePrices } from './resale-prices.ts'
import { planSoldBy, stepOf } from './sold-by.ts'

/** A plan of those above, as a reseller sells it or may be let to. */
export interface Resold {
  readonly plan: OwnPlan
  readonly from: Tenant
  /** None: it is not let to sell the plan. */
  readonly delegation: Delegation | undefined
  /** The caller decides whether it may, and at which rate of exchange. */
  readonly decides: boolean
  readonly currency: string
  readonly currencyAbove: string
  /** Those above sell it down to here. */
  readonly reachable: boolean
  readonly prices: readonly ResalePrice[]
}

const NOTHING = { markupBasisPoints: 0, exchangeRate: '1', fixedPrices: {} }

/**
 * The plans of those above a reseller: to itself those it sells on, to whoever stands above also those it could be let
 * to sell, in the order of the tree.
 *
 * @throws {BuylinkError} `not_found`.
 */
export async function listResold(db: Db, actor: Principal, resellerId: TenantId): Promise<readonly Resold[]> {
  const reseller = await resellerOf(db, actor, resellerId)
  const above = (await listAncestorsOrSelf(db, reseller.id)).filter(
    ({ id, kind }) => id !== reseller.id && isSeller(kind),
  )
  const plans: OwnPlan[] = []
  for (const { sellerId } of above) plans.push(...(await listOwnPlans(db, sellerId)).filter(isForSale))
  const resold: Resold[] = []
  for (const plan of plans) {
    const each = await resoldOf(db, actor, reseller, plan)
    if (each) resold.push(each)
  }
  return resold
}

/** One of them, drafts too. @throws {BuylinkError} `not_found`. */
export async function getResold(db: Db, actor: Principal, resellerId: TenantId, planId: string): Promise<Resold> {
  const reseller = await resellerOf(db, actor, resellerId)
  const plan = await findPlan(db, planId)
  const resold = plan && (await resoldOf(db, actor, reseller, plan))
  if (!resold) throw new BuylinkError('not_found', 'There is no such plan above this reseller.')
  return resold
}

const isForSale = ({ status }: OwnPlan): boolean => status === 'active'

async function resellerOf(db: Db, actor: Principal, id: TenantId): Promise<Tenant> {
  const tenant = await getTenant(db, actor, id)
  if (!isSeller(tenant.kind)) throw new BuylinkError('not_found', 'There is no such reseller.')
  return tenant
}

async function resoldOf(db: Db, actor: Principal, reseller: Tenant, plan: OwnPlan): Promise<Resold | undefined> {
  const from = await holderAbove(db, plan, reseller.id)
  if (!from) return undefined
  const [delegation] = await listDelegations(db, { planId: plan.id, sellerId: reseller.sellerId })
  const decides = isAtOrBelow(from.path, actor.path)
  if (!delegation && !decides) return undefined
  const sold = await planSoldBy(db, plan, from.sellerId)
  if (!sold && !delegation) return undefined
  const currency = (await findPriceList(db, reseller.sellerId))?.currency ?? (await currencyOf(db, reseller.sellerId))
  const currencyAbove = sold?.currency ?? currency
  const step = stepOf(delegation ?? NOTHING, currencyAbove, currency)
  const prices = sold ? resalePrices(sold.plan, step, currency) : []
  return { plan, from, delegation, decides, currency, currencyAbove, reachable: sold !== undefined, prices }
}

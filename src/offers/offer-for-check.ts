import type { BuylinkError } from '../kernel/errors.ts'
import type { SellerId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { makeOffers, type MakeOffersDeps } from './make-offers.ts'
import { findOffers } from './offers-view.ts'

interface RefusedCheck {
  readonly tenantId: TenantId
  readonly usageName: string
  /** How much more was asked for. */
  readonly units: bigint
}

/** For a program that hit a limit: the address where a person of the customer can buy. */
type BuyUrlOf = (sellerId: SellerId, usageName: string) => string | null

/**
 * What a program is told beside a refused check (spec/upsell.md "The closed loop"): the quota, how much is missing, the
 * offer that ends it, to be placed by `POST /api/v1/offers/{id}/place`, and an address for a person. Nothing of it where
 * the caller sees no customer.
 */
export async function offerForCheck(
  deps: MakeOffersDeps & { readonly buyUrlOf: BuyUrlOf },
  actor: Principal,
  check: RefusedCheck,
  { extra }: BuylinkError,
): Promise<Record<string, unknown>> {
  const [used, value, overage] = [extra['used'], extra['value'], extra['overage']].map((each) => BigInt(String(each)))
  if (used === undefined || value === undefined || overage === undefined) return {}
  const quota = { used: `${used}`, value: `${value}`, overage: `${overage}` }
  const shortage = `${used + check.units - value - overage}`
  const id = await makeOffers(deps, actor, {
    tenantId: check.tenantId,
    horizonDays: 0,
    place: 'usage_check',
    wanted: new Map([[check.usageName, check.units]]),
  }).catch(() => undefined)
  const offers = id && (await findOffers(deps.db, actor, id))
  if (!offers) return { quota, shortage, offer: null, buyUrl: null }
  const [first] = offers.answer.offers
  return {
    quota,
    shortage,
    offer: first ? { id: offers.id, ...first } : null,
    buyUrl: deps.buyUrlOf(offers.sellerId, check.usageName),
  }
}

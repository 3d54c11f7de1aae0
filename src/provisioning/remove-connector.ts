import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { tenantOf } from '../tenants/index.ts'
import { deleteConnector, lockConnector } from './connector-store.ts'

/** What names a service: plans that are sold by it, and subscriptions that it serves. */
export interface ConnectorUse {
  /** Names. */
  readonly plans: readonly string[]
  /** How many more, of resellers that the reader does not see. */
  readonly plansOutOfSight: number
  readonly subscriptions: number
}
/** Subscriptions live above; the application hands this in. */
export type ConnectorUseOf = (db: Db | Tx, actor: Principal, sellerId: SellerId, name: string) => Promise<ConnectorUse>

/**
 * Removes a service of the caller's reseller that nothing is provisioned by any more.
 *
 * @throws {BuylinkError} `not_found`; `conflict` while plans or subscriptions name it, and says how many.
 */
export async function removeConnector(
  { db, clock, useOf }: { readonly db: Db; readonly clock: Clock; readonly useOf: ConnectorUseOf },
  actor: Principal,
  name: string,
): Promise<void> {
  const { sellerId } = actor
  await transaction(db, async (tx) => {
    if (!(await lockConnector(tx, sellerId, name))) throw new BuylinkError('not_found', 'There is no such connector.')
    const use = await useOf(tx, actor, sellerId, name)
    if (use.plans.length > 0 || use.plansOutOfSight > 0 || use.subscriptions > 0)
      throw new BuylinkError('conflict', `It is in use: ${saying(use)}. Give the plans another connector first.`, {
        extra: { ...use },
      })
    await deleteConnector(tx, sellerId, name)
    await audit(tx, {
      sellerId,
      action: 'connector.remove',
      subject: { kind: 'connector', id: name },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at: clock.now(),
      details: {},
    })
  })
}

const SHOWN = 3

function saying({ plans, plansOutOfSight, subscriptions }: ConnectorUse): string {
  const named = plans.slice(0, SHOWN).map((plan) => `“${plan}”`)
  const rest = Math.max(0, plans.length - SHOWN) + plansOutOfSight
  const more = rest > 0 ? [`${rest} ${named.length > 0 ? 'more ' : ''}${rest === 1 ? 'plan' : 'plans'}`] : []
  const served = subscriptions > 0 ? [`${subscriptions} ${subscriptions === 1 ? 'subscription' : 'subscriptions'}`] : []
  return [...named, ...more, ...served].join(', ')
}

import {
  BACKUP,
  DEFAULT_EDITION,
  EDITION_ITEMS,
  EDITIONS,
  editionWarnings,
  isOn,
  listOfferingChains,
  nextHigherEdition,
  type OfferingTenant,
  saveEdition,
} from '../applications/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { claimTenant, getTenant } from '../tenants/index.ts'

export interface EditionSwitch {
  readonly tenantId: TenantId
  readonly applicationId: string
  readonly targetEdition: string
}

/**
 * What a switch would mean for a customer.
 *
 * @throws {BuylinkError} `not_found`; `invalid_request`: no such edition or application; `unprocessable`: only customers
 *   have an edition.
 */
export async function warningsOfSwitch(db: Db | Tx, actor: Principal, { tenantId, ...to }: EditionSwitch) {
  const tenant = await getTenant(db, actor, tenantId)
  if (tenant.kind !== 'customer') throw new BuylinkError('unprocessable', 'Only customers have an edition.')
  const problems = [
    ...(EDITIONS.some(({ name }) => name === to.targetEdition) ? [] : [unknown('target_edition')]),
    ...(to.applicationId === BACKUP.id ? [] : [unknown('application_id')]),
  ]
  const [first] = problems
  if (first) throw new BuylinkError('invalid_request', `${first.path}: ${first.message}.`, { problems })
  const chain = (await listOfferingChains(db, [tenantId])).get(tenantId) ?? []
  const from = editionOf(chain)
  return { tenant, from, warnings: editionWarnings(EDITIONS, from, to.targetEdition) }
}

/**
 * Gives a customer another edition: its items come on, those of the old one go off; quotas stay, since they belong to what
 * is counted. An edition that is not available above leaves all items off. Publishes `edition.switched`.
 *
 * @throws {BuylinkError} As `warningsOfSwitch`.
 */
export async function switchEdition(db: Db | Tx, clock: Clock, actor: Principal, change: EditionSwitch) {
  return transaction(db, async (tx) => {
    const tenant = await claimTenant(tx, actor, change.tenantId, undefined)
    const { from, warnings } = await warningsOfSwitch(tx, actor, change)
    if (from === change.targetEdition) return { warnings }
    const at = clock.now()
    await saveEdition(tx, tenant.id, change.targetEdition, at)
    const about = {
      sellerId: tenant.sellerId,
      subject: { kind: 'tenant', id: tenant.id },
      tenantId: tenant.id,
      actor,
      correlationId: actor.correlationId,
      at,
    }
    const details = { from, to: change.targetEdition }
    await publish(tx, { ...about, type: 'edition.switched', payload: details })
    await audit(tx, { ...about, action: 'edition.switch', details })
    return { warnings }
  })
}

/** The next higher edition that a customer could have where it stands; null: there is none. For editions upsell. */
export async function nextEditionOf(db: Db | Tx, customerId: TenantId): Promise<string | null> {
  const chain = (await listOfferingChains(db, [customerId])).get(customerId) ?? []
  const above = chain.slice(0, -1)
  const offered = EDITIONS.filter(({ name }) =>
    EDITION_ITEMS.some((item) => item.edition === name && item.needs === null && isOn(item, above)),
  )
  return nextHigherEdition(EDITIONS, editionOf(chain), new Set(offered.map(({ name }) => name))) ?? null
}

const editionOf = (chain: readonly OfferingTenant[]): string => chain.at(-1)?.edition ?? DEFAULT_EDITION

const unknown = (path: string) => ({ path, code: 'unknown', message: 'There is none of that name' })

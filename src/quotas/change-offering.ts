import { BACKUP, saveOfferingSwitches, STORAGE_ID } from '../applications/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { platformError } from '../platform/http/v2.ts'
import { claimTenant, type Tenant } from '../tenants/index.ts'
import { itemsOf, type TenantItem } from './offering-view.ts'
import { setQuota } from './set-quota.ts'
import { usageNamesBelow } from './subtree-view.ts'
import type { QuotaV2 } from './v2-schema.ts'

export interface ItemChange {
  readonly applicationId: string
  readonly name: string
  readonly status?: number | undefined
  readonly infraId?: string | undefined
  readonly quota?: QuotaV2 | undefined
}

export interface OfferingChange {
  readonly tenantId: TenantId
  readonly items: readonly ItemChange[]
  /** Refuses to switch off what is in use. */
  readonly checkUsage?: boolean | undefined
}

/**
 * Switches items of a tenant on and off and sets their quotas: all of it or nothing. A quota is the total, so what
 * subscriptions grant stays; its `version` has to be the one last read. Publishes `offering.updated` and `quota.updated`.
 *
 * @returns The items that were named, as they are now.
 * @throws {BuylinkError} `not_found`; `invalid_request`: no such item; `version_mismatch`; by platform codes 1002
 *   (switched on for oneself), 1009 and 1016 (a storage in use, here or below), 1012 (locked by another tenant), 1021 (off
 *   here or above), 1023 (something else needs it, it needs something, or it is in use), 1027 (no such quota there).
 */
export async function changeOffering(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  change: OfferingChange,
): Promise<TenantItem[]> {
  return transaction(db, async (tx) => {
    const tenant = await claimTenant(tx, actor, change.tenantId, undefined)
    const before = named(await itemsOf(tx, tenant), change.items)
    await switchItems(tx, clock, actor, tenant, before, change)
    for (const { wanted, found } of before) {
      if (!wanted.quota) continue
      const isNowOn = wanted.status === undefined ? found.isOn : wanted.status === 1
      if (!isNowOn) throw platformError('item_unavailable', `${wanted.name} is off, so it has no quota.`)
      const { value, overage, version } = wanted.quota
      const { usageName } = found.item
      await setQuota(tx, clock, actor, {
        tenantId: tenant.id,
        usageName,
        to: { value, overage },
        ifVersion: version,
      })
    }
    const names = new Set(change.items.map(({ name }) => name))
    return (await itemsOf(tx, tenant)).filter(({ item }) => names.has(item.name))
  })
}

/** A storage says so by codes of its own, since what lies there would be out of reach. */
async function refuseInUse(tx: Tx, { id, path }: Tenant, going: readonly Named[]): Promise<void> {
  const below = await usageNamesBelow(tx, path, id)
  for (const { wanted, found } of going) {
    const isStorage = found.item.type === 'infra'
    if ((found.used ?? 0n) > 0n)
      throw platformError(isStorage ? 'storage_in_use' : 'item_dependency', `${wanted.name} is in use.`)
    if (below.has(found.item.usageName))
      throw platformError(
        isStorage ? 'storage_in_use_below' : 'item_dependency',
        `${wanted.name} is in use by a tenant below.`,
      )
  }
}

interface Named {
  readonly wanted: ItemChange
  readonly found: TenantItem
}

function named(items: readonly TenantItem[], wanted: readonly ItemChange[]): Named[] {
  return wanted.map((each, index) => {
    const found = items.find(({ item }) => item.name === each.name)
    const isThere = found && each.applicationId === BACKUP.id && (each.infraId ?? STORAGE_ID) === STORAGE_ID
    if (isThere) return { wanted: each, found }
    const problem = { path: `offering_items.${index}.name`, code: 'unknown_item', message: 'There is no such item' }
    throw new BuylinkError('invalid_request', `There is no item ${each.name}.`, { problems: [problem] })
  })
}

async function switchItems(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  tenant: Tenant,
  items: readonly Named[],
  { checkUsage }: OfferingChange,
): Promise<void> {
  const switches = new Map(
    items.flatMap(({ wanted, found }): [string, boolean][] =>
      wanted.status === undefined || (wanted.status === 1) === found.isOn ? [] : [[wanted.name, wanted.status === 1]],
    ),
  )
  if (switches.size === 0) return
  // Else whoever it was taken from would take it back.
  if (tenant.id === actor.tenantId && tenant.parentId !== null && [...switches.values()].includes(true))
    throw platformError('access_denied', 'What your own tenant can have is switched on by who stands above it.')
  if (tenant.kind === 'unit') throw platformError('business_rules', 'A unit has the items of its customer.')
  if (checkUsage)
    await refuseInUse(
      tx,
      tenant,
      items.filter(({ wanted }) => switches.get(wanted.name) === false),
    )
  const at = clock.now()
  await saveOfferingSwitches(tx, tenant.id, switches, at)
  const after = new Map((await itemsOf(tx, tenant)).map((each) => [each.item.name, each]))
  for (const [name, wanted] of switches)
    if (wanted && !after.get(name)?.isOn)
      throw platformError('item_unavailable', `${name} is not available to this tenant.`)
  for (const { item, isOn } of after.values())
    if (isOn && item.needs !== null && !after.get(item.needs)?.isOn)
      throw platformError('item_dependency', `${item.name} needs ${item.needs}.`)
  const about = {
    sellerId: tenant.sellerId,
    subject: { kind: 'tenant', id: tenant.id },
    tenantId: tenant.id,
    actor,
    correlationId: actor.correlationId,
    at,
  }
  const details = { items: Object.fromEntries(switches) }
  await publish(tx, { ...about, type: 'offering.updated', payload: details })
  await audit(tx, { ...about, action: 'offering.update', details })
}

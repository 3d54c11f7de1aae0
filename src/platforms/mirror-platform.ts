import { foundTenant } from '../accounts/index.ts'
import { newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Seal } from '../platform/auth/seal.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import type { UsageIntake } from '../quotas/index.ts'
import { mirrorUser } from './mirror-people.ts'
import { mirrorUsages } from './mirror-usage.ts'
import { type ForeignTenant, openPlatform, type PlatformClient, PlatformFailure } from './platform-client.ts'
import type { MirroredTenant, Platform } from './schema.ts'
import { actorAt } from './seller-view.ts'
import { keepMirrored, listEnabled, listMirrored, listMirroredUsers, markGone, noteSync, noteTenant } from './store.ts'

export interface PlatformDeps {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  readonly seal: Seal
  readonly usage: UsageIntake
}

export const connect = (
  { guard, seal }: Pick<PlatformDeps, 'guard' | 'seal'>,
  { baseUrl, clientId, secret }: Platform,
  timeoutMs?: number,
): Promise<PlatformClient> => openPlatform(guard, { baseUrl, clientId, secret: seal.unseal(secret) }, timeoutMs)

/**
 * Looks at a platform and follows it: new customers and their people get ours beside them, known ones follow by their
 * versions, quotas and usages become ours. May be cut off anywhere: the next look does the rest.
 *
 * @returns Whether it went well; how it went is kept with the platform.
 */
export async function mirrorPlatform(deps: PlatformDeps, platform: Platform): Promise<boolean> {
  const { db, clock } = deps
  try {
    const client = await connect(deps, platform)
    const rootId = await client.ownTenant()
    const actor = await actorAt(db, platform.sellerId)
    const customers = (await client.tenants(rootId)).filter(({ kind }) => kind === 'customer')
    const before = new Map((await listMirrored(db, platform)).map((each) => [each.id, each]))
    const mirrored = new Map<string, MirroredTenant>()
    for (const customer of customers)
      mirrored.set(customer.id, await mirrorCustomer(deps, actor, platform, customer, before.get(customer.id)))

    const users = (await client.users(rootId)).filter(({ tenant_id: id }) => mirrored.has(id))
    const known = new Map((await listMirroredUsers(db, platform)).map((each) => [each.id, each]))
    for (const user of users) {
      const customer = mirrored.get(user.tenant_id)
      if (customer) await mirrorUser(deps, actor, platform, customer, user, known.get(user.id))
    }

    const personal = users.flatMap(({ personal_tenant_id: id }) => (id ? [id] : []))
    await markGone(
      db,
      platform,
      { tenants: [...mirrored.keys(), ...personal], users: users.map(({ id }) => id) },
      clock.now(),
    )
    const present = new Set([...mirrored.keys(), ...personal])
    const tenants = (await listMirrored(db, platform)).filter(({ id }) => present.has(id))
    await mirrorUsages(deps, actor, tenants, await client.usages(tenants.map(({ id }) => id)))
    await noteSync(db, platform, clock.now(), { rootId })
    return true
  } catch (error) {
    if (!(error instanceof PlatformFailure)) throw error
    await noteSync(db, platform, clock.now(), { error: error.message })
    return false
  }
}

/** One customer alone, with its users' own: for whoever comes from there just now. @throws {PlatformFailure} */
export async function mirrorOne(
  deps: PlatformDeps,
  platform: Platform,
  customerId: string,
  timeoutMs?: number,
): Promise<void> {
  const client = await connect(deps, platform, timeoutMs)
  const tenants = (await listMirrored(deps.db, platform)).filter((each) => each.customerId === customerId)
  await mirrorUsages(
    deps,
    await actorAt(deps.db, platform.sellerId),
    tenants,
    await client.usages(tenants.map(({ id }) => id)),
  )
}

/** All platforms of everybody, each by itself: one that cannot be reached keeps no other from being looked at. */
export async function mirrorAll(deps: PlatformDeps, onError: (error: unknown) => void): Promise<void> {
  for (const platform of await listEnabled(deps.db)) await mirrorPlatform(deps, platform).catch(onError)
}

async function mirrorCustomer(
  { db, clock }: PlatformDeps,
  actor: Principal,
  platform: Platform,
  { id, name, version, contact }: ForeignTenant,
  known: MirroredTenant | undefined,
): Promise<MirroredTenant> {
  if (known) {
    if (known.version !== version) await noteTenant(db, known, { name, version })
    return known
  }
  return transaction(db, async (tx) => {
    const tenant = await foundTenant(
      tx,
      clock,
      { ...actor, correlationId: newId() },
      {
        parentId: actor.tenantId,
        kind: 'customer',
        name,
        details: { contact },
      },
    )
    const made = {
      sellerId: platform.sellerId,
      platform: platform.name,
      id,
      customerId: id,
      ownerId: null,
      version,
      tenantId: tenant.id,
    }
    // Another look was faster: what was made here is undone.
    if (!(await keepMirrored(tx, made, name, clock.now()))) throw new PlatformFailure('Another look is under way.')
    return made
  })
}

import type { Clock } from '../kernel/time.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import { systemLabel } from '../platform/actor.ts'
import type { Connector, ProvisioningRequest, ProvisioningResult } from '../provisioning/schema.ts'
import { grantsOf } from '../subscriptions/rules.ts'
import { connect, mirrorOne, type PlatformDeps } from './mirror-platform.ts'
import { type PlatformClient, PlatformFailure } from './platform-client.ts'
import { beginRaise, endRaise, listRaises, noteRaiseError, type Raise } from './raise-store.ts'
import { hasHappened } from './rules.ts'
import type { ForeignUsage, MirroredTenant } from './schema.ts'
import { findMirrored, findPlatform } from './store.ts'

/**
 * The built-in connector, for tenants that live on a platform too: what a subscription grants is raised there first
 * (`PUT …/offering_items`, as of the version that was read), then here. An order is not done before both are; what
 * cannot be reached is tried again by the job runner, a refusal waits for a person, and an order that is taken back
 * lowers it there the same way.
 */
export const createPlatformConnector = (deps: PlatformDeps, builtin: Connector): Connector => ({
  name: builtin.name,
  async perform(request) {
    const tenant = await findMirrored(deps.db, request.sellerId, request.tenantId)
    if (!tenant) return builtin.perform(request)
    const refused = await raiseThere(deps, tenant, request)
    if (refused) return refused
    const result = await builtin.perform(request)
    const platform = await findPlatform(deps.db, tenant.sellerId, tenant.platform)
    // Only to be quick: the next look does it too.
    if (platform) await mirrorOne(deps, platform, tenant.customerId).catch(() => undefined)
    return result
  },
})

async function raiseThere(
  deps: PlatformDeps,
  tenant: MirroredTenant,
  request: ProvisioningRequest,
): Promise<ProvisioningResult | undefined> {
  const { db, clock } = deps
  const isRunning = request.operation !== 'stop' && request.operation !== 'delete'
  const wanted: ReadonlyMap<string, bigint> = isRunning ? grantsOf(request.resources) : new Map()
  const raised = new Map(
    (await listRaises(db, request.sellerId, request.subscriptionId)).map((each) => [each.usageName, each]),
  )
  const due = [...new Set([...wanted.keys(), ...raised.keys()])].filter((usageName) => {
    const known = raised.get(usageName)
    const isLate = known !== undefined && known.revision > request.revision
    return !isLate && (known?.begun != null || (known?.units ?? 0n) !== (wanted.get(usageName) ?? 0n))
  })
  if (due.length === 0) return undefined
  const platform = await findPlatform(db, tenant.sellerId, tenant.platform)
  if (!platform) return { kind: 'refused', message: `The platform ${tenant.platform} is not registered any more.` }
  for (const usageName of due) {
    const key = { sellerId: request.sellerId, subscriptionId: request.subscriptionId, usageName }
    try {
      const client = await connect(deps, platform)
      await raiseOne(
        { db, clock, client, tenant, request },
        usageName,
        wanted.get(usageName) ?? 0n,
        raised.get(usageName),
      )
    } catch (error) {
      if (!(error instanceof PlatformFailure)) throw error
      await noteRaiseError(db, key, tenant, error.message, clock.now())
      if (error.isFinal) return { kind: 'refused', message: `${platform.title}: ${error.message}` }
      throw error
    }
  }
  return undefined
}

interface Raising {
  readonly db: Db
  readonly clock: Clock
  readonly client: PlatformClient
  readonly tenant: MirroredTenant
  readonly request: ProvisioningRequest
}

/** Reads, says what it is about to ask for, asks, keeps what it was answered. */
async function raiseOne(raising: Raising, usageName: string, units: bigint, known: Raise | undefined): Promise<void> {
  const { db, clock, client, tenant, request } = raising
  const now = await readNow(client, tenant, usageName)
  if (!now) {
    if (units === 0n) return end(raising, usageName, units, null)
    throw new PlatformFailure(`It does not offer ${usageName} to this customer.`, { isFinal: true })
  }
  const { value } = now.quota
  const begun = known?.begun ?? null
  const isDone = begun !== null && hasHappened(begun, now.quota)
  const there = isDone ? begun.toUnits : (known?.units ?? 0n)
  if (value === null || there === units) return end(raising, usageName, units, isDone ? begun : null)
  const sum = value + units - there
  const toValue = sum > 0n ? sum : 0n
  const key = { sellerId: request.sellerId, subscriptionId: request.subscriptionId, usageName }
  // What is known to be there is kept before the next begins, else a crash would forget it.
  if (isDone) await end(raising, usageName, there, begun)
  const next = { toUnits: units, fromValue: value, fromVersion: now.quota.version, toValue }
  await beginRaise(db, key, tenant, request.revision, next, clock.now())
  crashPoint('platform.raise_begun')
  await client.putQuota(tenant.id, now, { ...now.quota, value: toValue })
  crashPoint('platform.raised')
  await end(raising, usageName, units, next)
}

const readNow = async (
  client: PlatformClient,
  { id }: MirroredTenant,
  usageName: string,
): Promise<ForeignUsage | undefined> =>
  (await client.usages([id])).get(id)?.find((each) => each.usageName === usageName)

/** Keeps it and tells of it, once. */
async function end(
  { db, clock, tenant, request }: Raising,
  usageName: string,
  units: bigint,
  change: { readonly fromValue: bigint; readonly toValue: bigint } | null,
): Promise<void> {
  const { sellerId, subscriptionId, correlationId, revision } = request
  const at = clock.now()
  await transaction(db, async (tx) => {
    if (!(await endRaise(tx, { sellerId, subscriptionId, usageName }, tenant, { revision, units, at }))) return
    if (!change) return
    await publish(tx, {
      sellerId,
      subject: { kind: 'subscription', id: subscriptionId },
      tenantId: tenant.tenantId,
      actor: systemLabel('platforms'),
      correlationId,
      at,
      type: 'platform.quota_changed',
      payload: {
        platform: tenant.platform,
        subscription_id: subscriptionId,
        tenant_id: tenant.tenantId,
        usage_name: usageName,
        from: change.fromValue,
        to: change.toValue,
      },
    })
  })
}

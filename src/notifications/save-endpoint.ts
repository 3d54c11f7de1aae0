import { BuylinkError } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Seal } from '../platform/auth/seal.ts'
import { type Db, sqlState, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { type OutboundGuard, RefusedAddress } from '../platform/outbound/guard.ts'
import { isHttps } from '../platform/outbound/post.ts'
import { newWebhookSecret } from '../platform/webhooks/sign.ts'
import { tenantOf } from '../tenants/index.ts'
import { cancelWaiting } from './delivery-store.ts'
import {
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  lockEndpoint,
  saveSecret,
  updateEndpoint,
} from './endpoint-store.ts'
import type { WebhookEndpoint, WebhookId } from './schema.ts'
import { ownerFor, sellersOf } from './sellers.ts'

export interface EndpointDeps {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  readonly seal: Seal
}

export interface EndpointInput {
  readonly url: string
  readonly description: string
  /** Empty: all. */
  readonly eventTypes: readonly string[]
  readonly includeResellers: boolean
  readonly enabled: boolean
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getEndpoint(db: Db | Tx, actor: Principal, id: WebhookId): Promise<WebhookEndpoint> {
  const endpoint = await findEndpoint(db, await sellersOf(db, actor), id)
  if (!endpoint) throw new BuylinkError('not_found', 'There is no such webhook.')
  return endpoint
}

/**
 * Adds a receiver of events.
 *
 * @returns Its signing secret too: shown now and never again.
 * @throws {BuylinkError} `invalid_request`: an address that is never called.
 */
export async function createEndpoint(
  { db, clock, guard, seal }: EndpointDeps,
  actor: Principal,
  input: EndpointInput & { readonly tenantId?: TenantId | undefined },
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
  await assertCallable(guard, input.url)
  return transaction(db, async (tx) => {
    const owner = await ownerFor(tx, actor, input.tenantId)
    const at = clock.now()
    const secret = newWebhookSecret()
    const row = {
      sellerId: owner.sellerId,
      id: newId<WebhookId>(at.getTime()),
      url: input.url,
      description: input.description,
      eventTypes: input.eventTypes,
      includeResellers: input.includeResellers,
      enabled: input.enabled,
      disabledReason: null,
      secret: seal.seal(secret),
      createdAt: at,
    }
    await insertEndpoint(tx, row)
    await note(tx, actor, row, 'webhook.create', at)
    return { endpoint: await getEndpoint(tx, actor, row.id), secret }
  })
}

/**
 * Changes what is given. Switched off, what waits for it is cancelled; switched on again after a 410, it starts anew.
 *
 * @throws {BuylinkError} `not_found`, `version_mismatch`, `invalid_request`.
 */
export async function changeEndpoint(
  { db, clock, guard }: EndpointDeps,
  actor: Principal,
  id: WebhookId,
  change: Partial<EndpointInput>,
  expectedVersion: bigint | undefined,
): Promise<WebhookEndpoint> {
  if (change.url !== undefined) await assertCallable(guard, change.url)
  return transaction(db, async (tx) => {
    const before = await lock(tx, actor, id, expectedVersion)
    const at = clock.now()
    const after = { ...before, ...change }
    await updateEndpoint(tx, { ...after, disabledReason: after.enabled ? null : before.disabledReason }, at)
    if (!after.enabled) await cancelWaiting(tx, before.sellerId, id, 'The webhook was switched off', at)
    await note(tx, actor, before, 'webhook.update', at)
    return getEndpoint(tx, actor, id)
  })
}

/** @throws {BuylinkError} `not_found`, `version_mismatch`; `conflict`: an event handler sends to it. */
export async function removeEndpoint(
  { db, clock }: EndpointDeps,
  actor: Principal,
  id: WebhookId,
  expectedVersion: bigint | undefined,
): Promise<void> {
  await transaction(db, async (tx) => {
    const endpoint = await lock(tx, actor, id, expectedVersion)
    const at = clock.now()
    await cancelWaiting(tx, endpoint.sellerId, id, 'The webhook was deleted', at)
    await deleteEndpoint(tx, endpoint)
    await note(tx, actor, endpoint, 'webhook.delete', at)
  }).catch((error: unknown) => {
    if (sqlState(error) !== '23503') throw error
    throw new BuylinkError('conflict', 'An event handler sends to this webhook: delete or change that first.')
  })
}

/**
 * Gives the webhook a new signing secret. For the overlap both sign, so that the receiver can be changed meanwhile.
 *
 * @param overlapMs 0: the secret before stops at once, say because it leaked.
 * @returns The new secret: shown now and never again.
 */
export async function rotateSecret(
  { db, clock, seal }: EndpointDeps,
  actor: Principal,
  id: WebhookId,
  overlapMs: number,
  expectedVersion: bigint | undefined,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
  return transaction(db, async (tx) => {
    const before = await lock(tx, actor, id, expectedVersion)
    const at = clock.now()
    const secret = newWebhookSecret()
    await saveSecret(tx, before, seal.seal(secret), new Date(at.getTime() + overlapMs), at)
    await note(tx, actor, before, 'webhook.rotate_secret', at)
    return { endpoint: await getEndpoint(tx, actor, id), secret }
  })
}

async function lock(
  tx: Tx,
  actor: Principal,
  id: WebhookId,
  expectedVersion: bigint | undefined,
): Promise<WebhookEndpoint> {
  const seen = await getEndpoint(tx, actor, id)
  const endpoint = await lockEndpoint(tx, seen.sellerId, id)
  if (!endpoint) throw new BuylinkError('not_found', 'There is no such webhook.')
  if (expectedVersion !== undefined && expectedVersion !== endpoint.version)
    throw new BuylinkError('version_mismatch', 'The webhook was changed meanwhile. Load it again.')
  return endpoint
}

/** Its host may change later, so each try checks again; this is to say it early. */
async function assertCallable(guard: OutboundGuard, url: string): Promise<void> {
  const refuse = (message: string) => {
    const problem = { path: 'url', code: 'invalid', message }
    return new BuylinkError('invalid_request', message, { problems: [problem] })
  }
  if (!URL.canParse(url)) throw refuse('Enter a whole address, such as https://example.com/hooks')
  const { protocol, hostname, username, password } = new URL(url)
  if (!isHttps(url) && !(guard.allowsInternal && protocol === 'http:'))
    throw refuse('Use an https address: events must not cross the internet in the clear.')
  if (username !== '' || password !== '')
    throw refuse('Leave name and password out of the address; check the signature.')
  try {
    await guard.assertPublicAddress(hostname)
  } catch (error) {
    // A name without address may get one soon.
    if (error instanceof RefusedAddress && error.code === 'internal_address')
      throw refuse('This address is inside our own network. Use one that can be reached from the internet.')
  }
}

const note = (tx: Tx, actor: Principal, endpoint: Pick<WebhookEndpoint, 'sellerId' | 'id'>, action: string, at: Date) =>
  audit(tx, {
    sellerId: endpoint.sellerId,
    subject: { kind: 'webhook', id: endpoint.id },
    tenantId: tenantOf(endpoint.sellerId),
    actor,
    correlationId: actor.correlationId,
    at,
    action,
  })

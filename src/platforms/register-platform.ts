import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Seal } from '../platform/auth/seal.ts'
import type { Clock } from '../kernel/time.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { isHttps } from '../platform/outbound/post.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { baseUrlOf } from './rules.ts'
import { findPlatform, linkMirrored, listMirrored, putPlatform } from './store.ts'

export interface PlatformInput {
  readonly name: string
  readonly title: string
  readonly baseUrl: string
  readonly clientId: string
  /** Undefined keeps the one that is there. */
  readonly secret?: string | undefined
  readonly enabled: boolean
}

interface Deps {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  readonly seal: Seal
}

/**
 * Registers another platform, or changes how it is reached. What is mirrored stays, so a platform that moved is found at
 * its new address with the customers it had.
 *
 * @throws {BuylinkError} `unprocessable`, naming the field.
 */
export async function registerPlatform(
  { db, clock, guard, seal }: Deps,
  actor: Principal,
  input: PlatformInput,
): Promise<void> {
  const refuse = (path: string, message: string) =>
    new BuylinkError('unprocessable', message, { problems: [{ path, code: 'invalid', message }] })
  const baseUrl = baseUrlOf(input.baseUrl)
  if (baseUrl === undefined) throw refuse('base_url', 'Write the address of the platform, such as https://dc.example.')
  if (!isHttps(baseUrl) && !guard.allowsInternal) throw refuse('base_url', 'Use an https address.')
  const { sellerId } = actor
  const known = await findPlatform(db, sellerId, input.name)
  const secret = input.secret === undefined ? known?.secret : seal.seal(input.secret)
  if (!secret) throw refuse('secret', 'Give the secret of the API client.')
  // A secret is for the address it was given for: another one might be anybody's.
  if (known && input.secret === undefined && known.baseUrl !== baseUrl)
    throw refuse('secret', 'Give the secret again: it goes to another address now.')
  const { name, title, clientId, enabled } = input
  const at = clock.now()
  await transaction(db, async (tx) => {
    await putPlatform(tx, { sellerId, name, title, baseUrl, clientId, secret, enabled }, at)
    await audit(tx, {
      sellerId,
      subject: { kind: 'platform', id: name },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
      action: known ? 'platform.change' : 'platform.register',
      details: { base_url: baseUrl, client_id: clientId, enabled, new_secret: input.secret !== undefined },
    })
  })
}

/**
 * Says which of our customers a customer there is: one that we had before the platform was registered.
 *
 * @throws {BuylinkError} `not_found`; `conflict` when it stands for another customer there.
 */
export async function linkCustomer(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  actor: Principal,
  {
    platform,
    customerId,
    accountId,
  }: { readonly platform: string; readonly customerId: string; readonly accountId: TenantId },
): Promise<void> {
  const { sellerId } = actor
  const account = await getTenant(db, actor, accountId)
  const found = await findPlatform(db, sellerId, platform)
  const all = found ? await listMirrored(db, found) : []
  const customer = all.find(({ id, ownerId }) => id === customerId && ownerId === null)
  if (!customer || account.kind !== 'customer' || account.sellerId !== sellerId)
    throw new BuylinkError('not_found', 'There is no such customer.')
  if (customer.tenantId === accountId) return
  if (all.some(({ tenantId }) => tenantId === accountId))
    throw new BuylinkError('conflict', 'This account stands for another customer of the platform.')
  const at = clock.now()
  await transaction(db, async (tx) => {
    await linkMirrored(tx, customer, accountId)
    await audit(tx, {
      sellerId,
      subject: { kind: 'platform', id: platform },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'platform.link',
      details: { customer_id: customerId, account_id: accountId },
    })
  })
}

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
import { findPlatform, insertPlatform, linkMirrored, listMirrored, updatePlatform } from './store.ts'

export interface PlatformInput {
  readonly name: string
  readonly title: string
  readonly baseUrl: string
  readonly clientId: string
  readonly secret: string
  readonly enabled: boolean
}

interface Deps {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  readonly seal: Seal
}

/**
 * Registers another platform.
 *
 * @throws {BuylinkError} `unprocessable`, naming the field; `conflict`: the name is taken.
 */
export async function registerPlatform(deps: Deps, actor: Principal, input: PlatformInput): Promise<void> {
  const { db, clock, guard, seal } = deps
  const { sellerId } = actor
  const secret = seal.seal(input.secret)
  const platform = { ...input, sellerId, baseUrl: checkedUrl(guard, input.baseUrl), secret }
  const at = clock.now()
  await transaction(db, async (tx) => {
    if (!(await insertPlatform(tx, platform, at)))
      throw new BuylinkError('conflict', 'There is a platform of this name already.')
    const { name, baseUrl, clientId, enabled } = platform
    const details = { base_url: baseUrl, client_id: clientId, enabled }
    await audit(tx, { ...about(actor, name, at), action: 'platform.register', details })
  })
}

/**
 * Changes how a platform is reached. What is mirrored stays, so one that moved is found at its new address with the
 * customers it had. A secret is for the address it was given for.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`, naming the field.
 */
export async function changePlatform(
  { db, clock, guard, seal }: Deps,
  actor: Principal,
  name: string,
  { title, baseUrl, clientId, secret, enabled }: Undefinable<Omit<PlatformInput, 'name'>>,
): Promise<void> {
  const known = await findPlatform(db, actor.sellerId, name)
  if (!known) throw new BuylinkError('not_found', 'There is no such platform.')
  const next = {
    ...known,
    title: title ?? known.title,
    baseUrl: baseUrl === undefined ? known.baseUrl : checkedUrl(guard, baseUrl),
    clientId: clientId ?? known.clientId,
    secret: secret === undefined ? known.secret : seal.seal(secret),
    enabled: enabled ?? known.enabled,
  }
  if (next.baseUrl !== known.baseUrl && secret === undefined)
    throw refusal('secret', 'Give the secret again: it goes to another address now.')
  const at = clock.now()
  await transaction(db, async (tx) => {
    await updatePlatform(tx, next, at)
    const details = {
      base_url: next.baseUrl,
      client_id: next.clientId,
      enabled: next.enabled,
      new_secret: secret !== undefined,
    }
    await audit(tx, { ...about(actor, name, at), action: 'platform.change', details })
  })
}

type Undefinable<Of> = { readonly [Field in keyof Of]?: Of[Field] | undefined }

const refusal = (path: string, message: string) =>
  new BuylinkError('unprocessable', message, { problems: [{ path, code: 'invalid', message }] })

function checkedUrl(guard: OutboundGuard, text: string): string {
  const baseUrl = baseUrlOf(text)
  if (baseUrl === undefined) throw refusal('base_url', 'Write the address of the platform, such as https://dc.example.')
  if (!isHttps(baseUrl) && !guard.allowsInternal) throw refusal('base_url', 'Use an https address.')
  return baseUrl
}

const about = (actor: Principal, name: string, at: Date) => ({
  sellerId: actor.sellerId,
  subject: { kind: 'platform', id: name },
  tenantId: tenantOf(actor.sellerId),
  actor,
  correlationId: actor.correlationId,
  at,
})

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
  }: { readonly platform: string; readonly customerId: string; readonly accountId?: TenantId | undefined },
): Promise<void> {
  const { sellerId } = actor
  const found = await findPlatform(db, sellerId, platform)
  const all = found ? await listMirrored(db, found) : []
  const customer = all.find(({ id, ownerId }) => id === customerId && ownerId === null)
  if (!customer) throw new BuylinkError('not_found', 'There is no such customer.')
  if (accountId === undefined || customer.tenantId === accountId) return
  const account = await getTenant(db, actor, accountId)
  if (account.kind !== 'customer' || account.sellerId !== sellerId)
    throw new BuylinkError('not_found', 'There is no such customer.')
  if (all.some(({ tenantId }) => tenantId === accountId))
    throw new BuylinkError('conflict', 'This account stands for another customer of the platform.')
  const at = clock.now()
  await transaction(db, async (tx) => {
    await linkMirrored(tx, customer, accountId)
    const details = { customer_id: customerId, account_id: accountId }
    await audit(tx, { ...about(actor, platform, at), action: 'platform.link', details })
  })
}

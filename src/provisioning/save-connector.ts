import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Seal } from '../platform/auth/seal.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { isHttps } from '../platform/outbound/post.ts'
import { newWebhookSecret } from '../platform/webhooks/sign.ts'
import { tenantOf } from '../tenants/index.ts'
import { findConnector, putConnector } from './connector-store.ts'

const NAME = /^(?!builtin$)[a-z][a-z0-9-]{1,39}$/

export interface ConnectorInput {
  readonly name: string
  readonly url: string
  readonly deadlineMinutes: number
  /** How often it is asked for what was used; null: never. */
  readonly pullMinutes: number | null
  /** Replaces the secret. */
  readonly newSecret: boolean
}

/**
 * Adds or changes a service that plans of the caller's reseller name as their connector.
 *
 * @returns The secret its requests are signed with, where it is new: told now and never again.
 * @throws {BuylinkError} `unprocessable`: no name, or no address that is called.
 */
export async function saveConnector(
  { db, clock, guard, seal }: { db: Db; clock: Clock; guard: OutboundGuard; seal: Seal },
  actor: Principal,
  { name, url, deadlineMinutes, pullMinutes, newSecret }: ConnectorInput,
): Promise<{ readonly secret: string | null }> {
  if (!NAME.test(name)) throw refused('name', 'invalid', 'Name it with small letters, digits and hyphens.')
  if (!isHttps(url) && !(guard.allowsInternal && URL.canParse(url)))
    throw refused('url', 'insecure', 'Use an https address.')
  const { sellerId } = actor
  return transaction(db, async (tx) => {
    const at = clock.now()
    const found = await findConnector(tx, sellerId, name)
    const known = found?.sellerId === sellerId && !newSecret ? found.secret : undefined
    const secret = known === undefined ? newWebhookSecret() : null
    await putConnector(
      tx,
      { sellerId, name, url, secret: known ?? seal.seal(secret ?? ''), deadlineMinutes, pullMinutes },
      at,
    )
    await audit(tx, {
      sellerId,
      action: 'connector.save',
      subject: { kind: 'connector', id: name },
      tenantId: tenantOf(sellerId),
      actor,
      correlationId: actor.correlationId,
      at,
      details: { deadline_minutes: deadlineMinutes, pull_minutes: pullMinutes, new_secret: secret !== null },
    })
    return { secret }
  })
}

const refused = (path: string, code: string, message: string): BuylinkError =>
  new BuylinkError('unprocessable', message, { problems: [{ path, code, message }] })

import { createHash, randomBytes } from 'node:crypto'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { SCOPES } from './rules.ts'
import { hasClients, insertClient } from './store.ts'

export interface NewClient {
  readonly tenantId: TenantId
  readonly id: string
  readonly secret: string
  readonly name: string
  readonly scopes: readonly string[]
}

/** Makes an API client. Its secret is random, so a plain SHA-256 keeps it. @returns false when the id is taken. */
export async function createClient(db: Db | Tx, clock: Clock, actor: Principal, client: NewClient): Promise<boolean> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    const secretHash = createHash('sha256').update(client.secret).digest()
    if (!(await insertClient(tx, { ...client, secretHash, at }))) return false
    await audit(tx, {
      sellerId: actor.sellerId,
      subject: { kind: 'api_client', id: client.id },
      tenantId: client.tenantId,
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'api_client.create',
      details: { scopes: client.scopes },
    })
    return true
  })
}

/**
 * The operator's API client, made on the first start: the one of `BUYLINK_CLIENT_ID` and `_SECRET`, else a generated one.
 *
 * @param actor The system at the root.
 * @returns A client that was generated, with its secret, to be printed this once; null otherwise.
 */
export async function ensureRootClient(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  configured: { readonly id: string; readonly secret: string } | undefined,
): Promise<{ readonly id: string; readonly secret: string } | null> {
  return transaction(db, async (tx) => {
    const root = { tenantId: actor.tenantId, name: 'Operator', scopes: SCOPES }
    if (configured) {
      await createClient(tx, clock, actor, { ...root, ...configured })
      return null
    }
    if (await hasClients(tx, actor.tenantId)) return null
    const client = { id: 'operator', secret: randomBytes(32).toString('base64url') }
    return (await createClient(tx, clock, actor, { ...root, ...client })) ? client : null
  })
}

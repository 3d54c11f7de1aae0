import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { insertClient } from './client-store.ts'
import type { ApiClient } from './schema.ts'

export interface NewClient extends Pick<ApiClient, 'id' | 'tenantId' | 'name' | 'roleId'> {
  readonly secret: string
  /** null or absent: all that the role may. */
  readonly scopes?: readonly string[] | null
  readonly type?: ApiClient['type']
  readonly authMethod?: ApiClient['authMethod']
}

/**
 * Makes an API client. Its secret is random, so a plain SHA-256 keeps it. Who may ask for what is the caller's to decide.
 * @returns undefined when the id is taken.
 */
export async function createClient(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { secret, ...input }: NewClient,
): Promise<ApiClient | undefined> {
  return transaction(db, async (tx) => {
    const at = clock.now()
    const client: ApiClient = {
      scopes: null,
      type: 'api_client',
      authMethod: 'client_secret_basic',
      ...input,
      enabled: true,
      createdBy: actor.id,
      createdAt: at,
    }
    const secretHash = createHash('sha256').update(secret).digest()
    if (!(await insertClient(tx, { ...client, secretHash }))) return undefined
    await audit(tx, {
      sellerId: actor.sellerId,
      subject: { kind: 'api_client', id: client.id },
      tenantId: client.tenantId,
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'api_client.create',
      details: { role: client.roleId, scopes: client.scopes },
    })
    return client
  })
}

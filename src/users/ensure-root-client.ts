import { randomBytes } from 'node:crypto'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { hasClients } from './client-store.ts'
import { createClient } from './create-client.ts'

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
    const root = { tenantId: actor.tenantId, name: 'Operator', roleId: 'root_admin' } as const
    if (configured) {
      await createClient(tx, clock, actor, { ...root, ...configured })
      return null
    }
    if (await hasClients(tx, actor.tenantId)) return null
    const client = { id: 'operator', secret: randomBytes(32).toString('base64url') }
    return (await createClient(tx, clock, actor, { ...root, ...client })) ? client : null
  })
}

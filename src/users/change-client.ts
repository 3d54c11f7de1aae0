import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { platformError } from '../platform/http/v2.ts'
import { findProfile } from '../tenants/index.ts'
import { deleteClientRow, findVisibleClient, updateClient } from './client-store.ts'
import { scopesOf } from './rules.ts'
import type { ApiClient } from './schema.ts'

export type ClientChange = Partial<Pick<ApiClient, 'name' | 'enabled' | 'authMethod'>>

/**
 * Renames, disables or enables an API client.
 *
 * @throws {BuylinkError} `not_found`; platform codes 1002: it may more than the actor; 1027: oneself disabled.
 */
export async function changeClient(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  id: string,
  change: ClientChange,
): Promise<ApiClient> {
  return transaction(db, async (tx) => {
    await claimClient(tx, actor, id)
    if (change.enabled === false && id === actor.id)
      throw platformError('business_rules', 'A client cannot disable itself.')
    const changed = await updateClient(tx, id, change)
    if (!changed) throw noClient()
    await record(tx, clock, actor, changed, 'update', { fields: Object.keys(change) })
    return changed
  })
}

/** Deletes an API client; its tokens stop working within a second. @throws {BuylinkError} As `changeClient`. */
export async function deleteClient(db: Db | Tx, clock: Clock, actor: Principal, id: string): Promise<void> {
  await transaction(db, async (tx) => {
    const client = await claimClient(tx, actor, id)
    if (id === actor.id) throw platformError('business_rules', 'A client cannot delete itself.')
    await deleteClientRow(tx, id)
    await record(tx, clock, actor, client, 'delete')
  })
}

/** A client that may no more than the actor: who could change a mightier one could shut its owner out. */
async function claimClient(tx: Tx, actor: Principal, id: string): Promise<ApiClient> {
  const client = await findVisibleClient(tx, actor, id)
  if (!client) throw noClient()
  // Also of a tenant that is disabled now: its client may do all of it again once it is not.
  const tenant = await findProfile(tx, actor, client.tenantId)
  const all = tenant ? [...scopesOf([client.roleId], tenant.kind)] : []
  const scopes = client.scopes === null ? all : all.filter((scope) => client.scopes?.includes(scope))
  if (!scopes.every((scope) => actor.scopes.has(scope)))
    throw platformError('access_denied', 'This client has rights that you do not have.')
  return client
}

const record = (
  tx: Tx,
  clock: Clock,
  actor: Principal,
  client: ApiClient,
  verb: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> =>
  audit(tx, {
    sellerId: actor.sellerId,
    subject: { kind: 'api_client', id: client.id },
    tenantId: client.tenantId,
    actor,
    correlationId: actor.correlationId,
    at: clock.now(),
    action: `api_client.${verb}`,
    details,
  })

const noClient = () => new BuylinkError('not_found', 'There is no such client.')

import { randomBytes } from 'node:crypto'
import { invariant } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { platformError } from '../platform/http/v2.ts'
import { findProfile } from '../tenants/index.ts'
import { createClient } from './create-client.ts'
import { administratorOf, mayHold, scopesOf } from './rules.ts'
import type { ApiClient, RoleId } from './schema.ts'

export interface ClientWish {
  readonly tenantId: TenantId
  readonly name: string
  readonly roleId?: RoleId | undefined
  readonly scopes?: readonly string[] | undefined
  readonly type: ApiClient['type']
  readonly authMethod: ApiClient['authMethod']
}

/**
 * Makes an API client on somebody's behalf: for a tenant they see, with no right that they lack. What their own role
 * lacks of the wanted one is left out.
 *
 * @returns The client and its secret, which nobody can read again.
 * @throws {BuylinkError} Platform codes 1005: no such tenant; 1027: such a role cannot be held there; 1002: a scope
 *   that the actor or the role does not have.
 */
export async function grantClient(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { roleId: wanted, scopes, ...wish }: ClientWish,
): Promise<{ client: ApiClient; secret: string }> {
  return transaction(db, async (tx) => {
    const tenant = await findProfile(tx, actor, wish.tenantId)
    if (!tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
    const roleId = wanted ?? administratorOf(tenant.kind)
    if (!mayHold(tenant.kind, roleId))
      throw platformError('business_rules', `Nobody can be ${roleId} of a ${tenant.kind}.`)
    const ofRole = scopesOf([roleId], tenant.kind)
    const beyond = scopes?.find((scope) => !ofRole.has(scope) || !actor.scopes.has(scope))
    if (beyond !== undefined)
      throw platformError('access_denied', `The scope ${beyond} is not yours to give, or not in the role ${roleId}.`)
    const given = scopes ?? [...ofRole].filter((scope) => actor.scopes.has(scope))
    const secret = randomBytes(32).toString('base64url')
    const client = await createClient(tx, clock, actor, {
      ...wish,
      id: newId(clock.now().getTime()),
      secret,
      roleId,
      scopes: given.length === ofRole.size ? null : [...new Set(given)],
    })
    invariant(client, 'a new id is free')
    return { client, secret }
  })
}

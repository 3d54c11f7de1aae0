import { BuylinkError } from '../kernel/errors.ts'
import type { Principal } from '../platform/actor.ts'
import type { TenantKind } from '../tenants/index.ts'
import { mayGive } from './rules.ts'
import type { RoleId } from './schema.ts'

/** @throws {BuylinkError} `forbidden`: a role that may more than the actor. */
export function assertMayGive(actor: Pick<Principal, 'scopes'>, roles: readonly RoleId[], kind: TenantKind): void {
  const beyond = roles.find((role) => !mayGive(actor.scopes, role, kind))
  if (beyond !== undefined)
    throw new BuylinkError('forbidden', `You cannot make anybody ${beyond}: it may more than you.`)
}

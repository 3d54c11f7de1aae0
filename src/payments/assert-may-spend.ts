import { BuylinkError } from '../kernel/errors.ts'
import type { Principal } from '../platform/actor.ts'

/**
 * For operations of other scopes that can also pay: who may order for a customer, say their sales manager, may not yet
 * spend the customer's money.
 *
 * @throws {BuylinkError} `forbidden`.
 */
export function assertMaySpend(actor: Pick<Principal, 'scopes'>): void {
  if (!actor.scopes.has('payments:write'))
    throw new BuylinkError(
      'forbidden',
      'Paying from the balance needs the scope payments:write, which you do not have.',
    )
}

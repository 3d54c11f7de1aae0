import { invariant } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { createTenant, findTenant, listAncestorsOrSelf, type NewTenant, type Tenant } from '../tenants/index.ts'
import { createAccount } from './create-account.ts'
import { createSeller } from './create-seller.ts'
import { isCountry } from './rules.ts'

/**
 * Makes a tenant of any kind with what it needs in commerce: a customer is a payer account, whose registration is
 * completed when it first orders; a partner is a seller, in the currency of whoever is above it.
 *
 * @throws {BuylinkError} As `createTenant`, `createAccount` and `createSeller`.
 */
export async function foundTenant(db: Db | Tx, clock: Clock, actor: Principal, input: NewTenant): Promise<Tenant> {
  const { parentId, kind, name, ...tenant } = input
  return transaction(db, async (tx) => {
    if (kind === 'customer') {
      const { id } = await createAccount(tx, clock, actor, {
        parentId,
        name,
        registration: 'quick',
        details: { customerType: 'business', companyName: name, ...addressOf(tenant.details?.contact ?? {}) },
        tenant,
      })
      const made = await findTenant(tx, id)
      invariant(made, 'it was made just now')
      return made
    }
    if (kind !== 'partner') return createTenant(tx, clock, actor, input)
    const above = await listAncestorsOrSelf(tx, parentId)
    const currency = above.findLast((ancestor) => ancestor.currency !== null)?.currency ?? 'USD'
    return createSeller(tx, clock, actor, { parentId, name, currency, tenant })
  })
}

/** What a contact says of an account's address; only a country that there is, the rest as it was written. */
function addressOf(contact: Readonly<Record<string, unknown>>) {
  const text = (field: string, most: number) => {
    const value = contact[field]
    return typeof value === 'string' ? value.trim().slice(0, most) : ''
  }
  const country = text('country', 2).toUpperCase()
  return {
    ...(isCountry(country) && { country }),
    region: text('state', 100),
    city: text('city', 100),
    street: text('address1', 200),
    zip: text('zipcode', 20),
    phone: text('phone', 40),
  }
}

import { invariant } from '../kernel/errors.ts'
import { newId, type SellerId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { createTenant, type NewTenant, type Tenant } from '../tenants/index.ts'
import type { AccountClass } from './schema.ts'
import { findDefaultClass, insertDefaultClass } from './store.ts'

export interface NewSeller {
  readonly parentId: TenantId
  readonly name: string
  /** ISO 4217: prices, books and accounts of this seller are in it. */
  readonly currency: string
  readonly language?: string
  readonly accountClass?: Partial<Omit<AccountClass, 'id'>>
  /** What else is known of its tenant. */
  readonly tenant?: Partial<Omit<NewTenant, 'parentId' | 'kind' | 'name'>>
}

/**
 * Makes a reseller that can have customers: its partner tenant and its default account class, together.
 *
 * @throws {BuylinkError} `not_found`, `unprocessable` as `createTenant`.
 */
export async function createSeller(db: Db | Tx, clock: Clock, actor: Principal, input: NewSeller): Promise<Tenant> {
  return transaction(db, async (tx) => {
    const tenant = await createTenant(tx, clock, actor, {
      parentId: input.parentId,
      kind: 'partner',
      name: input.name,
      currency: input.currency,
      ...input.tenant,
      ...(input.language !== undefined && { language: input.language }),
    })
    await ensureAccountClass(tx, clock, tenant.sellerId, input.accountClass)
    return tenant
  })
}

/** The seller's default account class, made when it has none (the root's, on the first start). */
export async function ensureAccountClass(
  db: Db | Tx,
  clock: Clock,
  sellerId: SellerId,
  wanted: Partial<Omit<AccountClass, 'id'>> = {},
): Promise<AccountClass> {
  return transaction(db, async (tx) => {
    const existing = await findDefaultClass(tx, sellerId)
    if (existing) return existing
    await insertDefaultClass(tx, sellerId, {
      name: 'Standard',
      paymentModel: 'prepay',
      holdThresholdMinor: 0n,
      subzeroPeriodDays: 0,
      stopType: 'automatic',
      cancelUnpaidAfterDays: 7,
      autoRenewDays: 7,
      manualRenewDays: 30,
      graceDays: 7,
      deletionDays: 30,
      billingDay: 1,
      ...wanted,
      id: newId(clock.now().getTime()),
    })
    const made = await findDefaultClass(tx, sellerId)
    invariant(made, 'a class that cannot be inserted is there already')
    return made
  })
}

import { BuylinkError, invariant } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, type Tx, transaction } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { createTenant, listAncestorsOrSelf, type NewTenant } from '../tenants/index.ts'
import type { Account, AccountDetails, Registration } from './schema.ts'
import { findAccount, findDefaultClass, insertAccount } from './store.ts'

export interface NewAccount {
  /** The seller, or a folder below it. */
  readonly parentId: TenantId
  readonly name: string
  /** `full`: the account may order at once, and `account.created` is published now. */
  readonly registration: Registration
  readonly details?: Partial<AccountDetails>
  readonly language?: string
  /** The customer came by itself, through a store. */
  readonly selfRegistered?: boolean
  /** What else is known of its tenant. */
  readonly tenant?: Partial<Omit<NewTenant, 'parentId' | 'kind' | 'name'>>
}

/**
 * Makes a payer account: its tenant of kind `customer` and what it is in commerce, in the seller's currency and
 * default class. Publishes `account.created` when the registration is full; a quick one does so when it is completed.
 *
 * @throws {BuylinkError} `not_found`: no such parent; `unprocessable`: it cannot have customers.
 */
export async function createAccount(db: Db | Tx, clock: Clock, actor: Principal, input: NewAccount): Promise<Account> {
  return transaction(db, async (tx) => {
    const tenant = await createTenant(tx, clock, actor, {
      parentId: input.parentId,
      kind: 'customer',
      name: input.name,
      ...input.tenant,
      ...(input.language !== undefined && { language: input.language }),
    })
    const accountClass = await findDefaultClass(tx, tenant.sellerId)
    if (!accountClass) throw new BuylinkError('unprocessable', 'This seller has no account class yet.')
    const above = await listAncestorsOrSelf(tx, tenant.id)
    const currency = above.findLast((ancestor) => ancestor.currency !== null)?.currency
    invariant(currency, 'the root has a currency')
    await insertAccount(tx, {
      sellerId: tenant.sellerId,
      id: tenant.id,
      accountClassId: accountClass.id,
      registration: input.registration,
      details: input.details ?? {},
      currency,
      selfRegistered: input.selfRegistered ?? false,
      at: tenant.createdAt,
    })
    const account = await findAccount(tx, tenant.sellerId, tenant.id)
    invariant(account, 'it was inserted just now')
    await audit(tx, {
      ...aboutAccount(account, actor, tenant.createdAt),
      action: 'account.create',
      details: { registration: account.registration, self_registered: account.selfRegistered },
    })
    if (input.registration === 'full') await publishCreated(tx, account, actor, tenant.createdAt)
    return account
  })
}

/** What events and audit entries about an account have in common. */
export const aboutAccount = (account: Pick<Account, 'sellerId' | 'id'>, actor: Principal, at: Date) => ({
  sellerId: account.sellerId,
  subject: { kind: 'account', id: account.id },
  tenantId: account.id,
  actor,
  correlationId: actor.correlationId,
  at,
})

/** *Account created* of the seed: an account that can order is there. Once in an account's life. */
export const publishCreated = (tx: Tx, account: Account, actor: Principal, at: Date): Promise<unknown> =>
  publish(tx, {
    ...aboutAccount(account, actor, at),
    type: 'account.created',
    payload: {
      account_id: account.id,
      number: String(account.number),
      customer_type: account.customerType,
      country: account.country,
      self_registered: account.selfRegistered,
    },
  })

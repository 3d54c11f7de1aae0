import { createAccount } from '../accounts/index.ts'
import { changeManager, findManagerByKey } from '../attribution/index.ts'
import { applyConfiguration } from '../configuration/index.ts'
import { invariant } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import { addDays, type Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { createStoreDirectory } from '../stores/index.ts'
import { ensureRoot, systemActor } from '../tenants/index.ts'
import { loadUsage } from './load-usage.ts'
import { createUser, type NewUser } from '../users/index.ts'
import type { DemonstrationDeps } from './deps.ts'
import { activateContoso } from './activate-contoso.ts'
import { followPublicUrl } from './follow-public-url.ts'
import { CUSTOMER, DOCUMENTS_HOST, MANAGER_KEY, northwindFile, PASSWORD, SIGN_INS } from './northwind.ts'

/** Contoso's running period began this long before loading. */
const STARTED_DAYS_AGO = 10

/** Whether the demonstration store is in this database. */
export async function hasDemonstration(db: Db): Promise<boolean> {
  const stores = createStoreDirectory({ db })
  await stores.refresh()
  return stores.resolve(DOCUMENTS_HOST) !== undefined
}

/**
 * Loads the demonstration store of spec/api.md, once: what it sells and who is there in one transaction, then
 * Contoso's order by the same operations that any order goes through, each of which can be repeated after a crash.
 *
 * @param publicUrl Origin of the installation; the canonical domain is its host.
 */
export async function loadDemonstration(deps: DemonstrationDeps, publicUrl: string): Promise<void> {
  const { db, clock } = deps
  const started: Clock = { now: () => addDays(clock.now(), -STARTED_DAYS_AGO) }
  const root = await ensureRoot(db, started)
  const operator = systemActor(root.sellerId, root.id, root.path, 'demonstration')
  if (!(await hasDemonstration(db))) await transaction(db, (tx) => loadStore(tx, started, operator, publicUrl))
  await Promise.all([deps.stores.refresh(), deps.managers.refresh()])
  const store = deps.stores.resolve(DOCUMENTS_HOST)
  invariant(store, 'the demonstration has a store')
  await followPublicUrl(db, clock, operator, store, publicUrl)
  await deps.stores.refresh()
  await activateContoso({ ...deps, clock: started }, operator)
  await loadUsage(deps, operator, store.sellerId)
}

async function loadStore(tx: Tx, clock: Clock, operator: Principal, publicUrl: string): Promise<void> {
  const person = (
    tenantId: TenantId,
    email: string,
    firstName: string,
    lastName: string,
    rest: Pick<NewUser, 'roles' | 'businessTypes' | 'notifications'>,
  ) =>
    createUser(tx, clock, operator, {
      tenantId,
      email,
      password: PASSWORD,
      firstName,
      lastName,
      emailConfirmed: true,
      ...rest,
    })

  await person(operator.tenantId, SIGN_INS.operator, 'Olga', 'Operator', { roles: ['root_admin'] })
  const { sellerId } = await applyConfiguration(tx, clock, operator, { file: northwindFile(publicUrl), dryRun: false })
  await person(sellerId, SIGN_INS.reseller, 'Anna', 'Northwind', { roles: ['partner_admin'] })
  const carter = await person(sellerId, SIGN_INS.sales, 'Carter', 'Evans', { roles: ['sales'] })
  const manager = await findManagerByKey(tx, MANAGER_KEY)
  invariant(manager, 'the file has a manager')
  await changeManager(tx, clock, operator, { id: manager.id, userId: carter.id })

  const account = await createAccount(tx, clock, operator, {
    parentId: sellerId,
    name: CUSTOMER,
    registration: 'full',
    details: {
      customerType: 'business',
      companyName: CUSTOMER,
      country: 'US',
      city: 'Springfield',
      street: '12 Elm Street',
      zip: '01101',
    },
  })
  await person(account.id, SIGN_INS.customer, 'Dana', 'Reyes', {
    roles: ['company_admin'],
    businessTypes: ['buyer'],
    notifications: ['quota'],
  })
  await person(account.id, SIGN_INS.buyer, 'Ben', 'Okafor', {
    roles: ['company_finance'],
    businessTypes: ['buyer'],
    notifications: ['quota'],
  })
  await person(account.id, SIGN_INS.administrator, 'Alex', 'Lindqvist', { roles: ['company_admin'] })
}

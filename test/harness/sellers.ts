import { createAccount, createSeller, ensureAccountClass } from '../../src/accounts/index.ts'
import { newId } from '../../src/kernel/ids.ts'
import type { Clock } from '../../src/kernel/time.ts'
import type { Anonymous, Principal } from '../../src/platform/actor.ts'
import type { Db } from '../../src/platform/db.ts'
import { createStore } from '../../src/stores/index.ts'
import { ensureRoot, systemActor, type Tenant } from '../../src/tenants/index.ts'

export interface TestSeller {
  readonly tenant: Tenant
  /** The system at the seller: sees it and what lies below it. */
  readonly actor: Principal
  readonly host: string
  readonly storeId: string
}

/** The root, and the system acting for it. */
export async function testRoot(db: Db, clock: Clock): Promise<{ root: Tenant; actor: Principal }> {
  const root = await ensureRoot(db, clock)
  await ensureAccountClass(db, clock, root.sellerId)
  return { root, actor: systemActor(root.sellerId, root.id, root.path, 'test') }
}

/** A reseller below the root with an open store at `https://{host}`. */
export async function testSeller(db: Db, clock: Clock, host: string, name = host): Promise<TestSeller> {
  const { root, actor: above } = await testRoot(db, clock)
  const tenant = await createSeller(db, clock, above, { parentId: root.id, name, currency: 'USD' })
  const actor = systemActor(tenant.sellerId, tenant.id, tenant.path, 'test')
  const storeId = await createStore(db, clock, actor, {
    sellerId: tenant.id,
    name,
    origin: `https://${host}`,
    privacyUrl: `https://${host}/privacy`,
    termsUrl: `https://${host}/terms`,
  })
  return { tenant, actor, host, storeId }
}

/** A customer of a seller, fully registered. */
export const testAccount = (db: Db, clock: Clock, { tenant, actor }: TestSeller, name = 'Contoso Dental') =>
  createAccount(db, clock, actor, {
    parentId: tenant.id,
    name,
    registration: 'full',
    details: {
      customerType: 'business',
      companyName: name,
      country: 'US',
      city: 'Springfield',
      street: 'Elm 1',
      zip: '12345',
    },
  })

/** Someone acting at a tenant with nothing but a place in the tree. */
export const actorAt = (tenant: Pick<Tenant, 'id' | 'sellerId' | 'path'>): Principal =>
  systemActor(tenant.sellerId, tenant.id, tenant.path, 'test')

export const stranger = (): Anonymous => ({ kind: 'anonymous', correlationId: newId() })

import { before } from 'node:test'
import { createSeller } from '../../src/accounts/index.ts'
import { type Catalog, createCatalog, createPlan, createPriceList, createProduct } from '../../src/catalog/index.ts'
import type { Plan } from '../../src/catalog/schema.ts'
import { decimal } from '../../src/kernel/decimal.ts'
import type { SellerId } from '../../src/kernel/ids.ts'
import { type Tx, transaction } from '../../src/platform/db.ts'
import { ensureRoot, systemActor } from '../../src/tenants/index.ts'
import { fixedClock } from './clock.ts'
import type { TestDatabase } from './database.ts'

export interface Resellers {
  readonly clock: ReturnType<typeof fixedClock>
  readonly at: Date
  readonly catalog: Catalog
  /** A chain of three below the root, and one beside it; all with a price list in USD. */
  readonly upper: SellerId
  readonly middle: SellerId
  readonly lower: SellerId
  readonly stranger: SellerId
  write<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** The plan as a seller has it now. */
  sees(seller: SellerId, planId: string): Promise<Plan | undefined>
  /** A new plan of a seller: 49.00 a month, 10.00 setup, and seats. */
  sell(seller: SellerId, rest?: Partial<Parameters<typeof createPlan>[2]>): Promise<string>
  versions(): Promise<Record<string, bigint>>
  /** Which of the four price lists a write reaches. */
  reached(work: (tx: Tx) => Promise<unknown>): Promise<string[]>
}

/** Resellers that can sell one another's plans. Call it in a `describe`; what it returns is filled before its tests. */
export function resellers(database: () => TestDatabase): Resellers {
  const clock = fixedClock()
  const at = clock.now()
  const write: Resellers['write'] = (work) => transaction(database().db, work)
  const versions = async (): Promise<Record<string, bigint>> => {
    const { rows } = await database().pool.query('select seller_id, version from price_lists')
    return Object.fromEntries(rows.map((row) => [row.seller_id, row.version]))
  }
  const stage: Partial<Resellers> = {
    clock,
    at,
    write,
    versions,
    sees: async (seller, planId) => (await stage.catalog?.refresh(seller))?.plans.get(planId),
    async reached(work) {
      const earlier = await versions()
      await write(work)
      const later = await versions()
      return (['upper', 'middle', 'lower', 'stranger'] as const).filter((name) => {
        const seller = stage[name] ?? ''
        return later[seller] !== earlier[seller]
      })
    },
    sell: (seller, rest = {}) =>
      write(async (tx) => {
        const productId = await createProduct(tx, seller, { name: 'Backup' }, at)
        const plan = {
          productId,
          name: 'Backup',
          billingType: 'pay_in_full',
          periods: [{ duration: { value: 1, unit: 'months' }, recurringFeeMinor: 4900n, setupFeeMinor: 1000n }],
          resources: [{ name: 'Seats', unit: 'seat', recurringFeeMinor: 333n, unitPrice: decimal('0.004') }],
        } as const
        return createPlan(tx, seller, { ...plan, ...rest }, at)
      }),
  }
  before(async () => {
    const { db, pool } = database()
    const root = await ensureRoot(db, clock)
    const actor = systemActor(root.sellerId, root.id, root.path, 'test')
    const sellerBelow = (parentId: typeof root.id, name: string) =>
      createSeller(db, clock, actor, { parentId, name, currency: 'USD' })
    const upper = await sellerBelow(root.id, 'Upper')
    const middle = await sellerBelow(upper.id, 'Middle')
    const lower = await sellerBelow(middle.id, 'Lower')
    const stranger = await sellerBelow(root.id, 'Stranger')
    const sellers = {
      upper: upper.sellerId,
      middle: middle.sellerId,
      lower: lower.sellerId,
      stranger: stranger.sellerId,
    }
    Object.assign(stage, { ...sellers, catalog: createCatalog(pool) })
    await write(async (tx) => {
      for (const seller of Object.values(sellers)) await createPriceList(tx, seller, 'USD', at)
    })
  })
  return stage as Resellers // Whole once `before` has run.
}

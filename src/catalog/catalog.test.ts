import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { fixedClock } from '../../test/harness/clock.ts'
import { describeStores } from '../../test/harness/database.ts'
import { createSeller } from '../accounts/index.ts'
import { decimal, formatDecimal } from '../kernel/decimal.ts'
import { newId, type SellerId } from '../kernel/ids.ts'
import { type Tx, transaction } from '../platform/db.ts'
import { ensureRoot, systemActor } from '../tenants/index.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import { slugOf } from './slug.ts'
import {
  createPlan,
  createPriceList,
  createProduct,
  delegatePlan,
  setPlanStatus,
  setRecurringFee,
  setTaxRate,
} from './write-catalog.ts'

const clock = fixedClock()
const at = clock.now()

describeStores('catalogue', (database) => {
  let upper: SellerId
  let middle: SellerId
  let lower: SellerId
  let stranger: SellerId
  let catalog: Catalog
  const write = <Result>(work: (tx: Tx) => Promise<Result>) => transaction(database().db, work)
  const sees = async (seller: SellerId, planId: string) => (await catalog.refresh(seller)).plans.get(planId)
  const versions = async (): Promise<Record<string, bigint>> => {
    const { rows } = await database().pool.query('select seller_id, version from price_lists')
    return Object.fromEntries(rows.map((row) => [row.seller_id, row.version]))
  }
  /** Which of the four price lists a write reaches. */
  const reached = async (work: (tx: Tx) => Promise<unknown>): Promise<string[]> => {
    const earlier = await versions()
    await write(work)
    const later = await versions()
    const names = { upper, middle, lower, stranger }
    return Object.entries(names).flatMap(([name, id]) => (later[id] === earlier[id] ? [] : [name]))
  }
  const sell = (seller: SellerId, rest: Partial<Parameters<typeof createPlan>[2]> = {}) =>
    write(async (tx) => {
      const productId = await createProduct(tx, seller, { name: 'Backup' }, at)
      return createPlan(
        tx,
        seller,
        {
          productId,
          name: 'Backup',
          billingType: 'pay_in_full',
          periods: [{ duration: { value: 1, unit: 'months' }, recurringFeeMinor: 4900n, setupFeeMinor: 1000n }],
          resources: [{ name: 'Seats', unit: 'seat', recurringFeeMinor: 333n, unitPrice: decimal('0.004') }],
          ...rest,
        },
        at,
      )
    })

  before(async () => {
    const { db } = database()
    const root = await ensureRoot(db, clock)
    const actor = systemActor(root.sellerId, root.id, root.path, 'test')
    const sellerBelow = (parentId: typeof root.id, name: string, currency = 'USD') =>
      createSeller(db, clock, actor, { parentId, name, currency })
    const top = await sellerBelow(root.id, 'Upper')
    const next = await sellerBelow(top.id, 'Middle')
    upper = top.sellerId
    middle = next.sellerId
    lower = (await sellerBelow(next.id, 'Lower')).sellerId
    stranger = (await sellerBelow(root.id, 'Stranger')).sellerId
    catalog = createCatalog(database().pool)
    await write(async (tx) => {
      for (const seller of [upper, middle, lower, stranger]) await createPriceList(tx, seller, 'USD', at)
    })
  })

  test('a seller sees its own plan whole, and nobody else sees it', async () => {
    const id = await sell(upper, {
      minimumTopupMinor: 1000n,
      orderAttributes: [{ key: 'domain', label: 'Domain', required: true }],
      resources: [
        {
          name: 'Storage',
          unit: 'GB',
          included: 5n,
          limit: 9n,
          quota: { usageName: 'storage', perUnit: 1_073_741_824n },
        },
      ],
    })
    const plan = await sees(upper, id)
    assert.deepEqual(plan && { ...plan, periods: [], resources: [] }, {
      id,
      productId: plan?.productId,
      name: 'Backup',
      summary: '',
      status: 'active',
      isPublic: true,
      billingType: 'pay_in_full',
      paymentModels: ['prepay'],
      minimumTopupMinor: 1000n,
      secondSubscription: 'ask',
      orderAttributes: [{ key: 'domain', label: 'Domain', required: true }],
      connector: 'builtin',
      defaultPeriodId: null,
      successorId: null,
      switchablePlanIds: [],
      addonToPlanIds: [],
      periods: [],
      resources: [],
    })
    const { id: _id, ...storage } = plan?.resources[0] ?? { id: '' }
    assert.deepEqual(storage, {
      name: 'Storage',
      unit: 'GB',
      kind: 'unit',
      included: 5n,
      minimum: 5n,
      limit: 9n,
      isPublic: true,
      setupFeeMinor: 0n,
      recurringFeeMinor: 0n,
      renewalFeeMinor: 0n,
      overuseFeeMinor: 0n,
      unitPrice: null,
      quota: { usageName: 'storage', perUnit: 1_073_741_824n },
    })
    for (const other of [middle, lower, stranger]) {
      const snapshot = await catalog.refresh(other)
      assert.equal(snapshot.plans.get(id), undefined)
      assert.equal(snapshot.planOfPeriod.get(plan?.periods[0]?.id ?? ''), undefined)
      assert.equal(snapshot.products.get(plan?.productId ?? ''), undefined)
    }
  })

  describe('a delegated plan', () => {
    const prices = async (seller: SellerId, planId: string) => {
      const plan = await sees(seller, planId)
      return (
        plan && {
          setup: plan.periods[0]?.setupFeeMinor,
          recurring: plan.periods[0]?.recurringFeeMinor,
          seat: plan.resources[0]?.recurringFeeMinor,
          unit: plan.resources[0]?.unitPrice && formatDecimal(plan.resources[0].unitPrice),
        }
      )
    }

    test('costs the price above plus the markup, each fee half up, unit prices exact', async () => {
      const planId = await sell(upper)
      await write((tx) => delegatePlan(tx, { planId, from: upper, to: middle, markupBasisPoints: 1250, at }))
      assert.deepEqual(await prices(middle, planId), { setup: 1125n, recurring: 5513n, seat: 375n, unit: '0.0045' })
      assert.deepEqual(await prices(upper, planId), { setup: 1000n, recurring: 4900n, seat: 333n, unit: '0.004' })
      assert.equal(await prices(lower, planId), undefined)
    })

    test('down a chain of two each takes its part of the price above', async () => {
      const planId = await sell(upper)
      await write(async (tx) => {
        await delegatePlan(tx, { planId, from: upper, to: middle, markupBasisPoints: 1000, at })
        await delegatePlan(tx, { planId, from: middle, to: lower, markupBasisPoints: 5000, at })
      })
      assert.deepEqual(await prices(lower, planId), { setup: 1650n, recurring: 8085n, seat: 549n, unit: '0.0066' })
    })

    test('may have fixed prices of its own for some fees', async () => {
      const planId = await sell(upper)
      const own = await sees(upper, planId)
      const [periodId, resourceId] = [own?.periods[0]?.id, own?.resources[0]?.id]
      await write((tx) =>
        delegatePlan(tx, {
          planId,
          from: upper,
          to: middle,
          markupBasisPoints: 1000,
          fixedPrices: { [`period:${periodId}:recurring`]: '5999', [`resource:${resourceId}:unit_price`]: '0.0123' },
          at,
        }),
      )
      assert.deepEqual(await prices(middle, planId), { setup: 1100n, recurring: 5999n, seat: 366n, unit: '0.0123' })
    })

    test('is converted into a currency of its own, also one with other minor digits', async () => {
      const planId = await sell(upper)
      await database().pool.query(`update price_lists set currency = 'JPY' where seller_id = $1`, [middle])
      await database().pool.query(`update price_lists set currency = 'KWD' where seller_id = $1`, [lower])
      await write(async (tx) => {
        await delegatePlan(tx, { planId, from: upper, to: middle, exchangeRate: '150.2525', at })
        await delegatePlan(tx, { planId, from: middle, to: lower, exchangeRate: '0.002', at })
      })
      // 49.00 USD at 150.2525 are 7362.37 JPY; 7362 JPY at 0.002 are 14.724 KWD.
      assert.deepEqual(await prices(middle, planId), { setup: 1503n, recurring: 7362n, seat: 500n, unit: '0.60101' })
      assert.deepEqual(await prices(lower, planId), {
        setup: 3006n,
        recurring: 14_724n,
        seat: 1000n,
        unit: '0.00120202',
      })
      assert.equal((await catalog.get(lower)).currency, 'KWD')
      await database().pool.query(`update price_lists set currency = 'USD'`)
    })

    test('is gone for everyone below the reseller for whom it is switched off', async () => {
      const planId = await sell(upper)
      await write(async (tx) => {
        await delegatePlan(tx, { planId, from: upper, to: middle, at })
        await delegatePlan(tx, { planId, from: middle, to: lower, at })
      })
      assert.ok(await sees(lower, planId))
      await write((tx) => delegatePlan(tx, { planId, from: upper, to: middle, active: false, at }))
      assert.equal(await sees(middle, planId), undefined)
      assert.equal(await sees(lower, planId), undefined)
      assert.ok(await sees(upper, planId))
    })

    test('cannot be passed on by who does not sell it', async () => {
      const planId = await sell(upper)
      await assert.rejects(
        write((tx) => delegatePlan(tx, { planId, from: stranger, to: lower, at })),
        { code: 'not_found' },
      )
      assert.equal(await sees(lower, planId), undefined)
    })
  })

  test('every write raises the version of every price list that shows what it changes, and of no other', async () => {
    const planId = await sell(upper)
    const periodId = (await sees(upper, planId))?.periods[0]?.id ?? ''
    const below = await sell(lower)
    // `lower` sells plans of `upper` from the tests before; of its own, only `lower` sells.
    assert.deepEqual(await reached((tx) => setPlanStatus(tx, lower, below, { status: 'inactive' }, at)), ['lower'])
    assert.deepEqual(await reached((tx) => createProduct(tx, stranger, { name: 'Other' }, at)), ['stranger'])
    await write(async (tx) => {
      await delegatePlan(tx, { planId, from: upper, to: middle, at })
      await delegatePlan(tx, { planId, from: middle, to: lower, at })
    })
    const all = ['upper', 'middle', 'lower']
    assert.deepEqual(await reached((tx) => setRecurringFee(tx, upper, periodId, 5100n, at)), all)
    assert.deepEqual(await reached((tx) => setPlanStatus(tx, upper, planId, { status: 'retired' }, at)), all)
    assert.deepEqual(await reached((tx) => createProduct(tx, upper, { name: 'More' }, at)), ['upper'])
    const rate = { country: '*', customerType: '*', name: 'VAT', basisPoints: 1900 } as const
    assert.deepEqual(await reached((tx) => setTaxRate(tx, upper, rate, at)), ['upper'])
    const { productId } = (await sees(upper, planId)) ?? { productId: '' }
    const more = { productId, name: 'More', billingType: 'pay_in_full', periods: [] } as const
    assert.deepEqual(await reached((tx) => createPlan(tx, upper, more, at)), ['upper'])
    const dearer = { planId, markupBasisPoints: 7, at }
    assert.deepEqual(await reached((tx) => delegatePlan(tx, { ...dearer, from: upper, to: middle })), [
      'middle',
      'lower',
    ])
    assert.deepEqual(await reached((tx) => delegatePlan(tx, { ...dearer, from: middle, to: lower })), ['lower'])
    assert.deepEqual((await catalog.refresh(upper)).taxRates, [rate])
  })

  test('a write that fails changes no version', async () => {
    const planId = await sell(upper)
    const earlier = await versions()
    await assert.rejects(
      write(async (tx) => {
        await setPlanStatus(tx, upper, planId, { status: 'inactive' }, at)
        throw new Error('later')
      }),
      /later/,
    )
    assert.deepEqual(await versions(), earlier)
  })

  test('another reseller’s plan cannot be written', async () => {
    const planId = await sell(upper)
    const plan = await sees(upper, planId)
    const periodId = plan?.periods[0]?.id ?? ''
    const earlier = await versions()
    for (const work of [
      (tx: Tx) => setPlanStatus(tx, stranger, planId, { status: 'inactive' }, at),
      (tx: Tx) => setRecurringFee(tx, stranger, periodId, 1n, at),
    ])
      await assert.rejects(write(work), { code: 'not_found' })
    assert.deepEqual(await versions(), earlier)
    assert.deepEqual(await sees(upper, planId), plan)
  })

  test('a successor is named, kept and taken back', async () => {
    const planId = await sell(upper)
    const next = await sell(upper)
    const after = async (change: Parameters<typeof setPlanStatus>[3]) => {
      await write((tx) => setPlanStatus(tx, upper, planId, change, at))
      const plan = await sees(upper, planId)
      return [plan?.status, plan?.isPublic, plan?.successorId]
    }
    assert.deepEqual(await after({ status: 'retired', successorId: next }), ['retired', true, next])
    assert.deepEqual(await after({ status: 'retired', isPublic: false }), ['retired', false, next])
    assert.deepEqual(await after({ status: 'active', isPublic: true, successorId: null }), ['active', true, null])
  })

  describe('the catalogues in memory', () => {
    test('are read again when their version has changed, and only then', async () => {
      const planId = await sell(upper)
      const own = createCatalog(database().pool)
      assert.equal(own.peek(upper), undefined)
      const [first, other] = [await own.get(upper), await own.get(stranger)]
      assert.equal(own.peek(upper), first)
      assert.equal(await own.get(upper), first)
      await own.refreshChanged()
      assert.equal(own.peek(upper), first)
      await write((tx) => setPlanStatus(tx, upper, planId, { status: 'inactive' }, at))
      assert.equal((await own.get(upper)).plans.get(planId)?.status, 'active')
      await own.refreshChanged()
      assert.equal((await own.get(upper)).plans.get(planId)?.status, 'inactive')
      assert.ok((own.peek(upper)?.version ?? 0n) > first.version)
      assert.equal(own.peek(stranger), other)
    })

    test('are read once for many who ask at once', async () => {
      const own = createCatalog(database().pool)
      const answers = await Promise.all(Array.from({ length: 20 }, () => own.get(upper)))
      assert.equal(new Set(answers).size, 1)
    })

    test('know of a seller without a price list without reading again, until it has one', async () => {
      let reads = 0
      const { pool } = database()
      const counting = {
        connect: () => {
          reads++
          return pool.connect()
        },
        query: (...query: Parameters<typeof pool.query>) => pool.query(...query),
      } as unknown as typeof pool // What the catalogue uses of it.
      const own = createCatalog(counting)
      const root = await ensureRoot(database().db, clock)
      for (let time = 0; time < 3; time++) await assert.rejects(own.get(root.sellerId), { code: 'not_found' })
      assert.equal(reads, 1)
      await write((tx) => createPriceList(tx, root.sellerId, 'EUR', at))
      await own.refreshChanged()
      assert.equal((await own.get(root.sellerId)).currency, 'EUR')
      await assert.rejects(own.get(newId<SellerId>()), { code: 'not_found' })
    })

    test('never go back to an older version when an older read ends later', async () => {
      const planId = await sell(upper)
      const { pool } = database()
      let hold: Promise<void> | undefined
      const slow = {
        async connect() {
          const client = await pool.connect()
          const [waiting, query] = [hold, client.query.bind(client) as (...args: unknown[]) => Promise<unknown>]
          hold = undefined
          if (!waiting) return client
          let answers = 0
          // Its first answer fixes what it sees; then it is held up.
          return {
            release: () => client.release(),
            query: async (...args: unknown[]) => {
              const answer = await query(...args)
              if (++answers === 2) await waiting
              return answer
            },
          }
        },
      } as unknown as typeof pool // What the catalogue uses of it.
      const own = createCatalog(slow)
      await own.get(upper)
      const gate = Promise.withResolvers<void>()
      hold = gate.promise
      const older = own.refresh(upper)
      await write((tx) => setPlanStatus(tx, upper, planId, { status: 'inactive' }, at))
      const newer = await own.refresh(upper)
      gate.resolve()
      assert.equal((await older).version, newer.version)
      assert.equal(own.peek(upper)?.version, newer.version)
    })
  })

  describe('slugs', () => {
    const slugFor = (input: Parameters<typeof createProduct>[2], seller = upper) =>
      write(async (tx) => {
        const id = await createProduct(tx, seller, input, at)
        const { rows } = await sql<{ slug: string }>`select slug from products where id = ${id}::bigint`.execute(tx)
        return rows[0]?.slug
      })
    test('the documents’ example, and its id appended for the product of another reseller', async () => {
      assert.equal(await slugFor({ name: 'KES для бизнеса', id: '22' }), 'kes-dlya-biznesa')
      assert.equal(await slugFor({ name: 'KES для бизнеса', id: '23' }, stranger), 'kes-dlya-biznesa-23')
    })
    test('come from the marketing name', async () =>
      assert.equal(await slugFor({ name: 'internal', marketingName: 'Schöne Grüße' }), 'schone-grusse'))
    test('of names without a letter we know are the id', async () =>
      assert.equal(await slugFor({ name: '日本', id: '31' }), '31'))
    test('are free even where the appended id is another’s name', async () => {
      await slugFor({ name: 'Mail', id: '40' })
      await slugFor({ name: 'Mail 41', id: '42' })
      const slug = await slugFor({ name: 'Mail', id: '41' })
      assert.ok(slug && !['mail', 'mail-41'].includes(slug), slug)
    })
    test('of the same name made at the same moment differ', async () => {
      const slugs = await Promise.all(Array.from({ length: 8 }, () => slugFor({ name: 'Rush hour' })))
      assert.equal(new Set(slugs).size, 8)
    })
  })

  describe('numbers', () => {
    const product = (tx: Tx, id?: string) =>
      createProduct(tx, upper, { name: 'Number', ...(id !== undefined && { id }) }, at)
    test('taken in parallel, given and fresh, are never the same', async () => {
      // Far enough apart that no fresh number is one that is about to be given.
      const given = Array.from({ length: 10 }, (_, index) => String(500_000 + index * 1000))
      const taken = await Promise.all([
        ...Array.from({ length: 20 }, () => write((tx) => product(tx))),
        ...given.map((id) => write((tx) => product(tx, id))),
      ])
      assert.equal(new Set(taken).size, 30)
      for (const id of given) assert.ok(taken.includes(id))
    })
    test('a given one moves the range past it, a lower one does not move it back', async () => {
      await write((tx) => product(tx, '900000'))
      await write((tx) => product(tx, '700000'))
      assert.equal(await write((tx) => product(tx)), '900001')
    })
    test('of a write that fails are given to nobody twice', async () => {
      await assert.rejects(
        write(async (tx) => {
          await product(tx)
          throw new Error('later')
        }),
      )
      const [a, b] = [await write((tx) => product(tx)), await write((tx) => product(tx))]
      assert.notEqual(a, b)
    })
  })
})

describe('slugOf', () => {
  for (const [name, slug] of [
    ['KES для бизнеса', 'kes-dlya-biznesa'],
    ['Backup & Restore (2026)', 'backup-restore-2026'],
    ['  Ünïcode Café  ', 'unicode-cafe'],
    ['Щит и ёлка', 'schit-i-elka'],
    ['и\u0306од', 'yod'],
    ['Straße Łódź Ærø', 'strasse-lodz-aero'],
    ['ﬁne ②', 'fine-2'],
    ['日本', ''],
    ['../../etc', 'etc'],
    ['İstanbul', 'istanbul'],
  ] as const)
    test(`${name} → ${slug || 'nothing'}`, () => assert.equal(slugOf(name), slug))
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import { describeStores } from '../../test/harness/database.ts'
import { resellers } from '../../test/harness/resellers.ts'
import type { Tx } from '../platform/db.ts'
import { createPlan, createProduct, delegatePlan, setPlanStatus, setRecurringFee, setTaxRate } from './index.ts'
import { slugOf } from './slug.ts'

describeStores('writing the catalogue', (database) => {
  const stage = resellers(database)
  const { at, reached, sees, sell, versions, write } = stage

  test('every write raises the version of every price list that shows what it changes, and of no other', async () => {
    const planId = await sell(stage.upper)
    const periodId = (await sees(stage.upper, planId))?.periods[0]?.id ?? ''
    const below = await sell(stage.lower)
    // `stage.lower` sells plans of `stage.upper` from the tests before; of its own, only `stage.lower` sells.
    assert.deepEqual(await reached((tx) => setPlanStatus(tx, stage.lower, below, { status: 'draft' }, at)), ['lower'])
    assert.deepEqual(await reached((tx) => createProduct(tx, stage.stranger, { name: 'Other' }, at)), ['stranger'])
    await write(async (tx) => {
      await delegatePlan(tx, { planId, from: stage.upper, to: stage.middle, at })
      await delegatePlan(tx, { planId, from: stage.middle, to: stage.lower, at })
    })
    const all = ['upper', 'middle', 'lower']
    assert.deepEqual(await reached((tx) => setRecurringFee(tx, stage.upper, periodId, 5100n, at)), all)
    assert.deepEqual(await reached((tx) => setPlanStatus(tx, stage.upper, planId, { status: 'retired' }, at)), all)
    assert.deepEqual(await reached((tx) => createProduct(tx, stage.upper, { name: 'More' }, at)), ['upper'])
    const rate = { country: '*', customerType: '*', name: 'VAT', basisPoints: 1900, reverseCharge: false } as const
    assert.deepEqual(await reached((tx) => setTaxRate(tx, stage.upper, rate, at)), ['upper'])
    const { productId } = (await sees(stage.upper, planId)) ?? { productId: '' }
    const more = { productId, name: 'More', billingType: 'pay_in_full', periods: [] } as const
    assert.deepEqual(await reached((tx) => createPlan(tx, stage.upper, more, at)), ['upper'])
    const dearer = { planId, markupBasisPoints: 7, at }
    assert.deepEqual(await reached((tx) => delegatePlan(tx, { ...dearer, from: stage.upper, to: stage.middle })), [
      'middle',
      'lower',
    ])
    assert.deepEqual(await reached((tx) => delegatePlan(tx, { ...dearer, from: stage.middle, to: stage.lower })), [
      'lower',
    ])
    assert.deepEqual((await stage.catalog.refresh(stage.upper)).taxRates, [rate])
  })

  test('a write that fails changes no version', async () => {
    const planId = await sell(stage.upper)
    const earlier = await versions()
    await assert.rejects(
      write(async (tx) => {
        await setPlanStatus(tx, stage.upper, planId, { status: 'draft' }, at)
        throw new Error('later')
      }),
      /later/,
    )
    assert.deepEqual(await versions(), earlier)
  })

  test('another reseller’s plan cannot be written', async () => {
    const planId = await sell(stage.upper)
    const plan = await sees(stage.upper, planId)
    const periodId = plan?.periods[0]?.id ?? ''
    const earlier = await versions()
    for (const work of [
      (tx: Tx) => setPlanStatus(tx, stage.stranger, planId, { status: 'draft' }, at),
      (tx: Tx) => setRecurringFee(tx, stage.stranger, periodId, 1n, at),
    ])
      await assert.rejects(write(work), { code: 'not_found' })
    assert.deepEqual(await versions(), earlier)
    assert.deepEqual(await sees(stage.upper, planId), plan)
  })

  test('a successor is named, kept and taken back', async () => {
    const planId = await sell(stage.upper)
    const next = await sell(stage.upper)
    const after = async (change: Parameters<typeof setPlanStatus>[3]) => {
      await write((tx) => setPlanStatus(tx, stage.upper, planId, change, at))
      const plan = await sees(stage.upper, planId)
      return [plan?.status, plan?.isPublic, plan?.successorId]
    }
    assert.deepEqual(await after({ status: 'retired', successorId: next }), ['retired', true, next])
    assert.deepEqual(await after({ status: 'retired', isPublic: false }), ['retired', false, next])
    assert.deepEqual(await after({ status: 'active', isPublic: true, successorId: null }), ['active', true, null])
  })

  describe('slugs', () => {
    const slugFor = (input: Parameters<typeof createProduct>[2], seller = stage.upper) =>
      write(async (tx) => {
        const id = await createProduct(tx, seller, input, at)
        const { rows } = await sql<{ slug: string }>`select slug from products where id = ${id}::bigint`.execute(tx)
        return rows[0]?.slug
      })
    test('the documents’ example, and its id appended for the product of another reseller', async () => {
      assert.equal(await slugFor({ name: 'KES для бизнеса', id: '22' }), 'kes-dlya-biznesa')
      assert.equal(await slugFor({ name: 'KES для бизнеса', id: '23' }, stage.stranger), 'kes-dlya-biznesa-23')
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
      createProduct(tx, stage.upper, { name: 'Number', ...(id !== undefined && { id }) }, at)
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
    test('a given one moves the range past it, a stage.lower one does not move it back', async () => {
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

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeStores } from '../../test/harness/database.ts'
import { resellers } from '../../test/harness/resellers.ts'
import { newId, type SellerId } from '../kernel/ids.ts'
import { ensureRoot } from '../tenants/index.ts'
import { createCatalog, createPriceList, setPlanStatus } from './index.ts'

describeStores('the catalogues in memory', (database) => {
  const stage = resellers(database)
  const { at, clock, sell, write } = stage

  test('are read again when their version has changed, and only then', async () => {
    const planId = await sell(stage.upper)
    const own = createCatalog(database().pool)
    assert.equal(own.peek(stage.upper), undefined)
    const [first, other] = [await own.get(stage.upper), await own.get(stage.stranger)]
    assert.equal(own.peek(stage.upper), first)
    assert.equal(await own.get(stage.upper), first)
    await own.refreshChanged()
    assert.equal(own.peek(stage.upper), first)
    await write((tx) => setPlanStatus(tx, stage.upper, planId, { status: 'draft' }, at))
    assert.equal((await own.get(stage.upper)).plans.get(planId)?.status, 'active')
    await own.refreshChanged()
    assert.equal((await own.get(stage.upper)).plans.get(planId)?.status, 'draft')
    assert.ok((own.peek(stage.upper)?.version ?? 0n) > first.version)
    assert.equal(own.peek(stage.stranger), other)
  })

  test('are the newest for who has just changed one, and else those in memory', async () => {
    const planId = await sell(stage.upper)
    const own = createCatalog(database().pool)
    const first = await own.current(stage.upper)
    assert.equal(await own.current(stage.upper), first)
    await write((tx) => setPlanStatus(tx, stage.upper, planId, { status: 'draft' }, at))
    assert.equal((await own.current(stage.upper)).plans.get(planId)?.status, 'draft')
    assert.equal((await own.get(stage.upper)).plans.get(planId)?.status, 'draft')
  })

  test('are read once for many who ask at once', async () => {
    const own = createCatalog(database().pool)
    const answers = await Promise.all(Array.from({ length: 20 }, () => own.get(stage.upper)))
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
    const planId = await sell(stage.upper)
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
    await own.get(stage.upper)
    const gate = Promise.withResolvers<void>()
    hold = gate.promise
    const older = own.refresh(stage.upper)
    await write((tx) => setPlanStatus(tx, stage.upper, planId, { status: 'draft' }, at))
    const newer = await own.refresh(stage.upper)
    gate.resolve()
    assert.equal((await older).version, newer.version)
    assert.equal(own.peek(stage.upper)?.version, newer.version)
  })
})

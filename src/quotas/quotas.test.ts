import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { newId, type TenantId } from '../kernel/ids.ts'
import { createTenant } from '../tenants/index.ts'
import { dailyUsageOf } from '../usage/index.ts'
import { usageStage } from '../../test/harness/usage-stage.ts'
import { createUsageIntake, quotaOf, setQuota } from './index.ts'

const GB = 1_073_741_824n
const stage = usageStage()

test('Contoso of the demonstration has its two alerts', async () => {
  const contoso = await stage.shop.db
    .selectFrom('tenants')
    .where('name', '=', 'Contoso Dental')
    .select('id')
    .executeTakeFirstOrThrow()
  assert.deepEqual(await stage.openOf(contoso.id), { storage: 'almost_reached', workstations: 'reached' })
  const quota = await quotaOf(stage.shop.db, stage.shop.store.sellerId, { tenantId: contoso.id, usageName: 'storage' })
  assert.deepEqual(
    { base: quota.base, granted: quota.granted, value: quota.value, used: quota.used },
    { base: 0n, granted: 500n * GB, value: 500n * GB, used: 430n * GB },
  )
  const days = await dailyUsageOf(
    stage.shop.db,
    stage.shop.store.sellerId,
    { tenantId: contoso.id, usageName: 'storage' },
    '2020-01-01',
  )
  assert.equal(days.length, 61)
  assert.equal(days.at(-1)?.value, 430n * GB)
})

describe('usage', () => {
  test('the same source and id again changes nothing, within a batch, after it and at the same time', async () => {
    const { id } = await stage.shop.customer('Twice')
    const one = stage.report(id, 'servers', { delta: 5n })
    assert.deepEqual(await stage.send(one, { ...one, change: { delta: 9n } }), ['accepted', 'duplicate'])
    assert.deepEqual(await stage.send(one), ['duplicate'])
    const two = stage.report(id, 'servers', { delta: 1n })
    const other = createUsageIntake(stage.shop.db, stage.shop.clock)
    const results = await Promise.all([stage.send(two), other.report(stage.shop.operator, [two]), stage.send(two)])
    assert.equal(results.flat().filter((result) => result === 'accepted').length, 1)
    assert.equal(await stage.used(id, 'servers'), 6n)
  })

  test('late and out-of-order events come out right', async () => {
    const { id } = await stage.shop.customer('Late')
    await stage.send(stage.report(id, 'vms', { value: 10n }, 1))
    await stage.send(stage.report(id, 'vms', { value: 99n }, 5))
    assert.equal(await stage.used(id, 'vms'), 10n)
    await stage.send(stage.report(id, 'vms', { delta: 3n }, 0))
    await stage.send(stage.report(id, 'vms', { delta: 50n }, 2))
    assert.equal(await stage.used(id, 'vms'), 13n)
    await stage.send(stage.report(id, 'vms', { value: 20n }, 0.5))
    assert.equal(await stage.used(id, 'vms'), 23n)
  })

  test('a customer’s usage is its own plus its units’; a unit’s is not the other’s', async () => {
    const { id } = await stage.shop.customer('Units')
    const unit = (name: string, parentId: TenantId) =>
      createTenant(stage.shop.db, stage.shop.clock, stage.shop.operator, { parentId, kind: 'unit', name })
    const [one, two] = [await unit('One', id), await unit('Two', id)]
    const below = await unit('Below', one.id)
    await stage.send(
      stage.report(id, 'vms', { value: 5n }),
      stage.report(one.id, 'vms', { delta: 7n }),
      stage.report(two.id, 'vms', { value: 4n }),
      stage.report(below.id, 'vms', { delta: 2n }),
    )
    await stage.send(stage.report(two.id, 'vms', { value: 1n }))
    assert.deepEqual(await Promise.all([id, one.id, two.id, below.id].map((each) => stage.used(each, 'vms'))), [
      18n,
      9n,
      4n,
      2n,
    ])
    stage.shop.clock.advance(3_600_000)
    await stage.send(stage.report(two.id, 'vms', { value: 1n }))
    assert.equal(await stage.used(id, 'vms'), 15n)
  })

  test('what is told of someone else’s tenant is not known', async () => {
    const mine = await stage.shop.customer('Mine')
    const theirs = await stage.shop.customer('Theirs')
    const told = await stage.intake.report(mine.actor, [
      stage.report(theirs.id, 'vms', { value: 5n }),
      stage.report(newId(), 'vms', { delta: 1n }),
    ])
    assert.deepEqual(told, ['unknown_tenant', 'unknown_tenant'])
    assert.equal(await stage.used(theirs.id, 'vms'), undefined)
  })

  test('deltas in any order and batching, by several processes at once, add up; so do the days', async () => {
    const other = createUsageIntake(stage.shop.db, stage.shop.clock)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ units: fc.bigInt({ min: -9n, max: 30n }), hoursAgo: fc.integer({ min: 0, max: 90 }) }), {
          minLength: 1,
          maxLength: 15,
        }),
        fc.integer({ min: 1, max: 5 }),
        async (deltas, size) => {
          const { id } = await stage.shop.customer('Deltas')
          const reports = deltas.map(({ units, hoursAgo }) => stage.report(id, 'mobiles', { delta: units }, hoursAgo))
          const parts = Array.from({ length: Math.ceil(reports.length / size) }, (_, at) =>
            reports.slice(at * size, (at + 1) * size),
          )
          await Promise.all(
            parts.map((part, at) => (at % 2 === 0 ? stage.intake : other).report(stage.shop.operator, part)),
          )
          const sum = deltas.reduce((total, { units }) => total + units, 0n)
          assert.equal(await stage.used(id, 'mobiles'), sum > 0n ? sum : 0n)
          const days = await dailyUsageOf(
            stage.shop.db,
            stage.shop.store.sellerId,
            { tenantId: id, usageName: 'mobiles' },
            '2020-01-01',
          )
          for (const { day, value } of days) {
            const until = reports.filter(({ at }) => at.toISOString().slice(0, 10) <= day)
            const known = until.reduce((total, { change }) => total + ('delta' in change ? change.delta : 0n), 0n)
            assert.equal(value, known > 0n ? known : 0n)
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  test('values in any order leave each day with its last one', async () => {
    const { id } = await stage.shop.customer('Days')
    await stage.send(stage.report(id, 'servers', { value: 3n }, 30), stage.report(id, 'servers', { value: 9n }, 1))
    await stage.send(stage.report(id, 'servers', { value: 5n }, 26), stage.report(id, 'servers', { value: 4n }, 50))
    const days = await dailyUsageOf(
      stage.shop.db,
      stage.shop.store.sellerId,
      { tenantId: id, usageName: 'servers' },
      '2020-01-01',
    )
    assert.deepEqual(
      days.map(({ value }) => value),
      [4n, 5n, 9n],
    )
  })
})

describe('quotas', () => {
  test('base and grants are kept apart: a purchase never erases what was given, nor the other way round', async () => {
    const contoso = await stage.shop.db
      .selectFrom('tenants')
      .where('name', '=', 'Contoso Dental')
      .select('id')
      .executeTakeFirstOrThrow()
    const before = await quotaOf(stage.shop.db, stage.shop.store.sellerId, { tenantId: contoso.id, usageName: 'vms' })
    const more = await stage.set(contoso.id, 'vms', 3n)
    assert.deepEqual([before.value, more.base, more.granted, more.value], [2n, 3n, 2n, 5n])
    const total = await setQuota(stage.shop.db, stage.shop.clock, stage.shop.operator, {
      tenantId: contoso.id,
      usageName: 'vms',
      to: { value: 1n, overage: null },
    })
    assert.deepEqual([total.base, total.granted, total.value], [-1n, 2n, 1n])
    assert.ok(total.version > more.version && more.version > before.version)
  })

  test('two writers with one version: exactly one succeeds', async () => {
    const { id } = await stage.shop.customer('Race')
    const { version } = await stage.set(id, 'vms', 1n)
    const write = (base: bigint) =>
      setQuota(stage.shop.db, stage.shop.clock, stage.shop.operator, {
        tenantId: id,
        usageName: 'vms',
        to: { base, overage: null },
        ifVersion: version,
      })
    const results = await Promise.allSettled([2n, 3n, 4n, 5n].map(write))
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const result of results) if (result.status === 'rejected') assert.equal(result.reason.code, 'version_mismatch')
  })

  test('row 33: quota on a partner rejects overage; a unit rejects any', async () => {
    const { id } = await stage.shop.customer('Levels')
    const unit = await createTenant(stage.shop.db, stage.shop.clock, stage.shop.operator, {
      parentId: id,
      kind: 'unit',
      name: 'Dept',
    })
    await assert.rejects(stage.set(unit.id, 'vms', 1n), { code: 'unprocessable' })
    await assert.rejects(stage.set(stage.shop.store.sellerId as string, 'vms', 1n, 1n), { code: 'unprocessable' })
    await stage.set(stage.shop.store.sellerId as string, 'vms', 100_000n)
    await assert.rejects(
      setQuota(stage.shop.db, stage.shop.clock, (await stage.shop.customer('Other')).actor, {
        tenantId: id,
        usageName: 'vms',
        to: { base: 1n, overage: null },
      }),
      { code: 'not_found' },
    )
  })
})

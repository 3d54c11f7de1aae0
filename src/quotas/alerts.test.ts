import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { UsageReport } from '../usage/index.ts'
import { usageStage } from '../../test/harness/usage-stage.ts'
import { createUsageIntake, quotaOf } from './index.ts'
import { stateOf } from './rules.ts'

const stage = usageStage()
const eventsOf = (tenantId: TenantId) =>
  stage.shop.db
    .selectFrom('events')
    .where('tenant_id', '=', tenantId)
    .where('subject_kind', '=', 'alert')
    .select(['type', 'correlation_id', 'payload'])
    .orderBy('id')
    .execute()

describe('alerts', () => {
  test('open, change and clear with what is used and allowed, under one correlation id', async () => {
    const { id } = await stage.shop.customer('Story')
    await stage.set(id, 'storage', 100n)
    await stage.send(stage.report(id, 'storage', { value: 79n }))
    assert.deepEqual(await stage.openOf(id), {})
    stage.shop.clock.advance(1000)
    await stage.send(stage.report(id, 'storage', { value: 80n }))
    stage.shop.clock.advance(1000)
    await stage.send(stage.report(id, 'storage', { value: 100n }))
    await stage.set(id, 'storage', 100n, 0n)
    await stage.send(stage.report(id, 'storage', { delta: 1n }, -0.0001))
    assert.deepEqual(await stage.openOf(id), { storage: 'exceeded' })
    await stage.set(id, 'storage', 1000n)
    assert.deepEqual(await stage.openOf(id), {})
    const events = await eventsOf(id)
    assert.deepEqual(
      events.map(({ type, payload }) => [type, payload['state']]),
      [
        ['quota.almost_reached', 'almost_reached'],
        ['quota.exceeded', 'reached'],
        ['quota.exceeded', 'exceeded'],
        ['quota.cleared', 'cleared'],
      ],
    )
    assert.equal(new Set(events.map((event) => event.correlation_id)).size, 1)
  })

  test('one that comes back within ten minutes is the same alert', async () => {
    const { id } = await stage.shop.customer('Back')
    const swing = async (value: bigint, minutes: number) => {
      stage.shop.clock.advance(minutes * 60_000)
      await stage.send(stage.report(id, 'vms', { value }))
    }
    await stage.set(id, 'vms', 1n)
    await swing(2n, 0)
    await swing(1n, 1)
    await swing(2n, 10)
    assert.equal((await stage.alertsOf(id)).length, 1)
    await swing(1n, 1)
    await swing(2n, 11)
    assert.equal((await stage.alertsOf(id)).length, 2)
  })

  test('a quota that is taken away, or unlimited, ends its alert', async () => {
    const { id } = await stage.shop.customer('Unlimited')
    await stage.set(id, 'vms', 1n)
    await stage.send(stage.report(id, 'vms', { value: 5n }))
    assert.deepEqual(await stage.openOf(id), { vms: 'reached' })
    await stage.set(id, 'vms', null)
    assert.deepEqual(await stage.openOf(id), {})
  })

  type Step =
    | {
        readonly kind: 'usage'
        readonly name: string
        readonly change: UsageReport['change']
        readonly hoursAgo: number
      }
    | { readonly kind: 'quota'; readonly name: string; readonly base: bigint | null; readonly overage: bigint | null }
    | { readonly kind: 'purchase'; readonly name: string; readonly units: bigint }
    | { readonly kind: 'time'; readonly minutes: number }
  const name = fc.constantFrom('storage', 'vms')
  const units = fc.bigInt({ min: 0n, max: 30n })
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({
      kind: fc.constant('usage' as const),
      name,
      change: fc.oneof(
        units.map((value) => ({ value })),
        fc.bigInt({ min: -10n, max: 10n }).map((delta) => ({ delta })),
      ),
      hoursAgo: fc.integer({ min: 0, max: 5 }),
    }),
    fc.record({
      kind: fc.constant('quota' as const),
      name,
      base: fc.option(units),
      overage: fc.option(fc.bigInt({ min: 0n, max: 5n })),
    }),
    fc.record({ kind: fc.constant('purchase' as const), name, units }),
    fc.record({ kind: fc.constant('time' as const), minutes: fc.integer({ min: 0, max: 20 }) }),
  )

  test('of two requests for one subscription at once, what the earlier gives does not outlive the later', async () => {
    const connector = stage.shop.connectors.get('builtin')
    for (let turn = 0; turn < 25; turn++) {
      const { id } = await stage.shop.customer('Twice')
      await stage.send(stage.report(id, 'storage', { delta: 1n }))
      const subscriptionId = newId<string>()
      const request = (revision: bigint, usageName: string) =>
        connector?.perform({
          correlationId: newId(),
          operation: 'update',
          connector: 'builtin',
          revision,
          id: newId(),
          sellerId: stage.shop.store.sellerId,
          subscriptionId,
          tenantId: id,
          planId: '425',
          resources: [{ id: '1', quantity: 2n, usageName, quotaPerUnit: 1n }],
        })
      await Promise.all([request(1n, 'storage'), request(2n, 'vms')])
      const quota = await quotaOf(stage.shop.db, stage.shop.store.sellerId, { tenantId: id, usageName: 'storage' })
      assert.equal(quota.granted, 0n)
      // Where the earlier one came too late, there never was a quota of storage.
      const state = stateOf('bytes', 1n, quota)
      assert.deepEqual(await stage.openOf(id), state === 'fine' ? {} : { storage: state })
    }
  })

  test('after any steps, some of them at once, every alert says what is true, and no two say it', async () => {
    const other = createUsageIntake(stage.shop.db, stage.shop.clock)
    const connector = stage.shop.connectors.get('builtin')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        async (rounds) => {
          const { id } = await stage.shop.customer('Model')
          const subscriptionId = newId<string>()
          let revision = 0
          const run = async (each: Step, at: number) => {
            if (each.kind === 'time') stage.shop.clock.advance(each.minutes * 60_000)
            else if (each.kind === 'quota')
              await stage.set(id, each.name, each.base, each.base === null ? null : each.overage)
            else if (each.kind === 'usage')
              await (at % 2 === 0 ? stage.intake : other).report(stage.shop.operator, [
                stage.report(id, each.name, each.change, each.hoursAgo),
              ])
            else
              await connector?.perform({
                correlationId: newId(),
                operation: 'update',
                connector: 'builtin',
                revision: BigInt(++revision),
                id: newId(),
                sellerId: stage.shop.store.sellerId,
                subscriptionId,
                tenantId: id,
                planId: '425',
                resources: [{ id: '1', quantity: each.units, usageName: each.name, quotaPerUnit: 1n }],
              })
          }
          for (const round of rounds) {
            await Promise.all(round.map(run))
            for (const usageName of ['storage', 'vms']) {
              const quota = await quotaOf(stage.shop.db, stage.shop.store.sellerId, { tenantId: id, usageName })
              const open = (await stage.alertsOf(id)).filter(
                (each) => each.usage_name === usageName && each.cleared_at === null,
              )
              const state = stateOf(usageName === 'storage' ? 'bytes' : 'quantity', quota.used ?? 0n, quota)
              assert.deepEqual(
                open.map((alert) => alert.state),
                state === 'fine' ? [] : [state],
              )
            }
          }
          const told = await eventsOf(id)
          for (const event of told) assert.notEqual(event.payload['state'], event.payload['previous_state'])
        },
      ),
      { numRuns: 40 },
    )
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeStores } from '../../test/harness/database.ts'
import { resellers } from '../../test/harness/resellers.ts'
import { formatDecimal } from '../kernel/decimal.ts'
import { type SellerId } from '../kernel/ids.ts'
import { delegatePlan } from './index.ts'

describeStores('what a seller sells', (database) => {
  const stage = resellers(database)
  const { at, sees, sell, write } = stage

  test('a seller sees its own plan whole, and nobody else sees it', async () => {
    const id = await sell(stage.upper, {
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
    const plan = await sees(stage.upper, id)
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
    for (const other of [stage.middle, stage.lower, stage.stranger]) {
      const snapshot = await stage.catalog.refresh(other)
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
      const planId = await sell(stage.upper)
      await write((tx) =>
        delegatePlan(tx, { planId, from: stage.upper, to: stage.middle, markupBasisPoints: 1250, at }),
      )
      assert.deepEqual(await prices(stage.middle, planId), {
        setup: 1125n,
        recurring: 5513n,
        seat: 375n,
        unit: '0.0045',
      })
      assert.deepEqual(await prices(stage.upper, planId), { setup: 1000n, recurring: 4900n, seat: 333n, unit: '0.004' })
      assert.equal(await prices(stage.lower, planId), undefined)
    })

    test('down a chain of two each takes its part of the price above', async () => {
      const planId = await sell(stage.upper)
      await write(async (tx) => {
        await delegatePlan(tx, { planId, from: stage.upper, to: stage.middle, markupBasisPoints: 1000, at })
        await delegatePlan(tx, { planId, from: stage.middle, to: stage.lower, markupBasisPoints: 5000, at })
      })
      assert.deepEqual(await prices(stage.lower, planId), {
        setup: 1650n,
        recurring: 8085n,
        seat: 549n,
        unit: '0.0066',
      })
    })

    test('may have fixed prices of its own for some fees', async () => {
      const planId = await sell(stage.upper)
      const own = await sees(stage.upper, planId)
      const [periodId, resourceId] = [own?.periods[0]?.id, own?.resources[0]?.id]
      await write((tx) =>
        delegatePlan(tx, {
          planId,
          from: stage.upper,
          to: stage.middle,
          markupBasisPoints: 1000,
          fixedPrices: { [`period:${periodId}:recurring`]: '5999', [`resource:${resourceId}:unit_price`]: '0.0123' },
          at,
        }),
      )
      assert.deepEqual(await prices(stage.middle, planId), {
        setup: 1100n,
        recurring: 5999n,
        seat: 366n,
        unit: '0.0123',
      })
    })

    test('is converted into a currency of its own, also one with other minor digits', async () => {
      const planId = await sell(stage.upper)
      await database().pool.query(`update price_lists set currency = 'JPY' where seller_id = $1`, [stage.middle])
      await database().pool.query(`update price_lists set currency = 'KWD' where seller_id = $1`, [stage.lower])
      await write(async (tx) => {
        await delegatePlan(tx, { planId, from: stage.upper, to: stage.middle, exchangeRate: '150.2525', at })
        await delegatePlan(tx, { planId, from: stage.middle, to: stage.lower, exchangeRate: '0.002', at })
      })
      // 49.00 USD at 150.2525 are 7362.37 JPY; 7362 JPY at 0.002 are 14.724 KWD.
      assert.deepEqual(await prices(stage.middle, planId), {
        setup: 1503n,
        recurring: 7362n,
        seat: 500n,
        unit: '0.60101',
      })
      assert.deepEqual(await prices(stage.lower, planId), {
        setup: 3006n,
        recurring: 14_724n,
        seat: 1000n,
        unit: '0.00120202',
      })
      assert.equal((await stage.catalog.get(stage.lower)).currency, 'KWD')
      await database().pool.query(`update price_lists set currency = 'USD'`)
    })

    test('is gone for everyone below the reseller for whom it is switched off', async () => {
      const planId = await sell(stage.upper)
      await write(async (tx) => {
        await delegatePlan(tx, { planId, from: stage.upper, to: stage.middle, at })
        await delegatePlan(tx, { planId, from: stage.middle, to: stage.lower, at })
      })
      assert.ok(await sees(stage.lower, planId))
      await write((tx) => delegatePlan(tx, { planId, from: stage.upper, to: stage.middle, active: false, at }))
      assert.equal(await sees(stage.middle, planId), undefined)
      assert.equal(await sees(stage.lower, planId), undefined)
      assert.ok(await sees(stage.upper, planId))
    })

    test('cannot be passed on by who does not sell it', async () => {
      const planId = await sell(stage.upper)
      await assert.rejects(
        write((tx) => delegatePlan(tx, { planId, from: stage.stranger, to: stage.lower, at })),
        { code: 'not_found' },
      )
      assert.equal(await sees(stage.lower, planId), undefined)
    })
  })
})

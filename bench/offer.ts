import type { Plan, PlanResource } from '../src/catalog/schema.ts'
import { recommend } from '../src/offers/recommend.ts'
import { HORIZONS, type Situation } from '../src/offers/schema.ts'
import { period, plan, resource } from '../test/harness/catalog-values.ts'
import { fact, running, situation } from '../test/harness/offer-values.ts'
import { type ClaimResult, claimOf, type Effort, quantile } from './claim.ts'

const USAGES = ['storage', 'workstations', 'servers', 'vms', 'mobiles'] as const
const ADDONS = 900
const HIGHER = 99

/**
 * Measures the claim `offer`: finding right-sized offers in a catalogue of 1,000 plans and their resources, where every
 * plan has to do with the one that runs (900 add-ons on two periods each, 99 plans to switch to), for one to five
 * quotas that ran out. In one process and without the database: the figure is CPU by the operating system's accounting.
 */
export function measureOffer({ rounds, roundMs }: Effort): ClaimResult[] {
  const situations = shortages()
  const p99 = { one: [] as number[], five: [] as number[] }
  let [total, count] = [0, 0]
  for (let round = 0; round <= rounds; round++) {
    const costs = new Map<number, number[]>()
    const until = performance.now() + roundMs
    for (let turn = 0; performance.now() < until || turn < 20; turn++) {
      const { where, short } = situations[turn % situations.length] ?? situations[0]!
      const before = process.cpuUsage()
      const answer = recommend(where, HORIZONS[turn % HORIZONS.length] ?? 90)
      const { user, system } = process.cpuUsage(before)
      if (answer.kind !== 'offers') throw new Error('Nothing was offered')
      const list = costs.get(short) ?? []
      list.push((user + system) / 1000)
      costs.set(short, list)
      total += (user + system) / 1000
      count++
    }
    // In the first one code gets compiled and the catalogue is gone through for its add-ons.
    if (round === 0) continue
    p99.one.push(quantile(costs.get(1) ?? [], 0.99))
    p99.five.push(quantile([...costs.values()].flat(), 0.99))
  }
  const line = { claim: 'offer', goal: 5, unit: 'ms', bound: 'most' } as const
  const info = `${(total / count).toFixed(2)} ms of CPU each on average`
  return [
    claimOf({ ...line, variant: 'p99 of CPU, one quota', info }, p99.one),
    claimOf({ ...line, variant: 'p99 of CPU, one to five quotas', info }, p99.five),
  ]
}

function shortages(): { readonly where: Situation; readonly short: number }[] {
  const plans = catalogue()
  const main = plans[0]!
  const empty = situation(plans, [running(main)], [], { basisPoints: 1900 })
  return Array.from({ length: 50 }, (_, index) => {
    const short = (index % USAGES.length) + 1
    const quotas = USAGES.map((usageName, at) => {
      const value = main.resources.find(({ quota }) => quota?.usageName === usageName)?.quota?.perUnit ?? 1n
      const granted = value * 10n
      return fact(usageName, granted, at < short ? granted + BigInt(index) : 1n, { units: BigInt(at + 1), days: 30n })
    })
    return { where: { ...empty, quotas }, short }
  })
}

function catalogue(): Plan[] {
  const higher = Array.from({ length: HIGHER }, (_, index) => planOf(2 + index, 20n + BigInt(index), 5))
  const addons = Array.from({ length: ADDONS }, (_, index) => ({
    ...planOf(2 + HIGHER + index, 0n, 1 + (index % 3)),
    addonToPlanIds: ['1'],
  }))
  return [{ ...planOf(1, 10n, 5), switchablePlanIds: higher.map(({ id }) => id) }, ...higher, ...addons]
}

/** A plan with fees of its own, on two periods, that raises so many of the five quotas. */
function planOf(id: number, included: bigint, count: number): Plan {
  const fee = BigInt(100 + ((id * 7919) % 1000))
  const resources = Array.from({ length: count }, (_, index): PlanResource => {
    const usageName = USAGES[(id + index) % USAGES.length] ?? 'storage'
    return resource(String(id * 10 + index), {
      included,
      limit: 1000n,
      recurringFeeMinor: fee + BigInt(index),
      quota: { usageName, perUnit: usageName === 'storage' ? 107_374_182_400n : 1n },
    })
  })
  const periods = [
    period(String(id * 10 + 6), { recurringFeeMinor: fee * 3n }),
    period(String(id * 10 + 7), { duration: { value: 1, unit: 'years' }, recurringFeeMinor: fee * 2n }),
  ]
  return plan({ id: String(id), secondSubscription: 'allow', periods, resources })
}

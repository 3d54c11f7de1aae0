import { compareList, compareRank, costOfThirty, type Rank } from './rules.ts'
import type { HorizonDays } from './schema.ts'
import type { Vehicle } from './vehicles.ts'

/** A vehicle that ends the needs of `mask`. */
export interface Part extends Rank {
  readonly vehicle: Vehicle
  readonly mask: number
}

/** Parts that end every need of `mask` together, each need by one of them. */
export interface Combination extends Rank {
  readonly parts: readonly Part[]
}

/**
 * Vehicles by the subscription or the plan they are of: of each list at most one is used. What costs more than the limit
 * for every set of needs that it can end may be left out.
 *
 * @param limitOf What enough others cost that end these needs, thirty times; it falls with every list. As a number: a
 *   bound need not be exact, and there are many.
 */
export type Groups = (limitOf: (mask: number) => number) => Iterable<readonly Vehicle[]>

/** As many of the best are kept as anyone reads. */
const KEPT = 8

/**
 * The best ways to end all needs, best first: every need is raised by exactly one part, and a subscription or a plan is
 * part of it once. The first one is the best of all; the others are the best that were met on the way.
 *
 * Of a best combination each part is among the `count` best for its needs: were it not, one of those better would
 * be unused and could take its place. So a large catalogue costs one pass, and the search itself is small.
 */
export function combine(groups: Groups, count: number, horizonDays: HorizonDays): readonly Combination[] {
  const all = (1 << count) - 1
  const best: Combination[][] = Array.from({ length: all + 1 }, () => [])
  best[0] = [{ parts: [], costOfThirty: 0n, extraMonthlyMinor: 0n, actions: 0, ids: () => [] }]
  // From the full set down: what a part is joined to was made without its group.
  for (const parts of promising(groups, count, horizonDays))
    for (let mask = all; mask > 0; mask--)
      for (const part of parts)
        if ((mask & part.mask) === part.mask) join(best[mask] ?? [], best[mask ^ part.mask] ?? [], part)
  return best[all] ?? []
}

/** Adds a part to each of those before it, the cheap ones first, as far as that is among the best. */
function join(kept: Combination[], befores: readonly Combination[], part: Part): void {
  for (const before of befores) {
    const cost = before.costOfThirty + part.costOfThirty
    const last = kept[KEPT - 1]
    if (last && cost > last.costOfThirty) return
    const parts = [...before.parts, part]
    const joined: Combination = {
      parts,
      costOfThirty: cost,
      extraMonthlyMinor: before.extraMonthlyMinor + part.extraMonthlyMinor,
      actions: before.actions + part.actions,
      ids: () => parts.flatMap(({ ids }) => ids()).sort(compareList),
    }
    insert(kept, joined, KEPT)
  }
}

/** Of each group, its parts that are among the best for their needs. */
function promising(groups: Groups, count: number, horizonDays: HorizonDays): Iterable<Part[]> {
  const kept: Part[][] = Array.from({ length: 1 << count }, () => [])
  const groupOf = new Map<Vehicle, number>()
  const most = Math.max(KEPT, count)
  const limits = new Float64Array(1 << count).fill(Number.POSITIVE_INFINITY)
  let group = 0
  for (const vehicles of groups((mask) => limits[mask] ?? 0)) {
    group++
    const best: (Part | undefined)[] = []
    for (const vehicle of vehicles) {
      groupOf.set(vehicle, group)
      forMasks(vehicle, (mask) => {
        const last = kept[mask]?.[most - 1]
        const part = partOf(vehicle, mask, horizonDays, last?.costOfThirty)
        const rival = best[mask]
        if (part && (!rival || compareRank(part, rival) < 0)) best[mask] = part
      })
    }
    for (const part of best) {
      if (!part) continue
      const list = kept[part.mask] ?? []
      insert(list, part, most)
      if (list.length === most) limits[part.mask] = Number(list.at(-1)?.costOfThirty)
    }
  }
  return Map.groupBy(kept.flat(), ({ vehicle }) => groupOf.get(vehicle)).values()
}

/** Every set of needs that a vehicle can end: what it is forced to, and all subsets of the rest. */
function forMasks({ forced, choices }: Vehicle, visit: (mask: number) => void): void {
  let free = 0
  for (const [need, choice] of choices.entries()) if (choice) free |= 1 << need
  free &= ~forced
  for (let subset = free; ; subset = (subset - 1) & free) {
    if ((subset | forced) !== 0) visit(subset | forced)
    if (subset === 0) return
  }
}

/** Undefined where it costs more than `most`. */
function partOf(vehicle: Vehicle, mask: number, horizonDays: HorizonDays, most: bigint | undefined): Part | undefined {
  const { base } = vehicle
  let [todayMinor, extraMonthlyMinor, changes] = [base.netMinor + base.taxMinor, base.monthlyMinor, 0]
  for (let need = 0; need < vehicle.choices.length; need++) {
    const choice = vehicle.choices[need]
    if (!choice || !(mask & (1 << need))) continue
    todayMinor += choice.netMinor + choice.taxMinor
    extraMonthlyMinor += choice.monthlyMinor
    changes++
  }
  const cost = costOfThirty(todayMinor, extraMonthlyMinor, horizonDays)
  if (most !== undefined && cost > most) return undefined
  const actions = vehicle.subscription ? changes : 1
  return { vehicle, mask, extraMonthlyMinor, costOfThirty: cost, actions, ids: () => [idsOf(vehicle, mask)] }
}

function idsOf({ plan, period, subscription, choices }: Vehicle, mask: number): bigint[] {
  const ids = [BigInt(plan.id), BigInt(period.id)]
  if (subscription) ids.push(numberOf(subscription.id))
  for (const [need, choice] of choices.entries())
    if (choice?.resource && mask & (1 << need)) ids.push(BigInt(choice.resource.id))
  return ids
}

/** A UUID as a number that sorts like it. */
export const numberOf = (uuid: string): bigint => BigInt(`0x${uuid.replaceAll('-', '')}`)

/** Into a list that is in order, which stays no longer than `most`. */
function insert<Item extends Rank>(list: Item[], item: Item, most: number): void {
  let at = list.length
  while (at > 0 && compareRank(list[at - 1] as Item, item) > 0) at--
  if (at >= most) return
  list.splice(at, 0, item)
  if (list.length > most) list.length = most
}

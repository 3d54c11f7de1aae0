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

/** Vehicles of one subscription or one plan, of which at most one is used. They are made only where they may be of use. */
export interface Group {
  /** The needs that it may end. */
  readonly mask: number
  /** What ending these needs by it costs at least, thirty times; null: nobody knows before its vehicles are made. */
  readonly atLeast: ((mask: number) => number) | null
  vehicles(): readonly Vehicle[]
}

/** As many of the best are kept as anyone reads. */
const KEPT = 8

/**
 * The best ways to end all needs, best first: every need is raised by exactly one part, and a subscription or a plan is
 * part of it once. The first one is the best of all; the others are the best that were met on the way.
 *
 * Of a best combination each part is among the `count` best for its needs: were it not, one of those better would
 * be unused and could take its place. So a large catalogue costs one pass, and the search itself is small.
 *
 * @param groups The cheap ones first: what costs more than enough others for whatever it can end is not made at all.
 */
export function combine(groups: readonly Group[], count: number, horizonDays: HorizonDays): readonly Combination[] {
  const all = (1 << count) - 1
  const best: Combination[][] = Array.from({ length: all + 1 }, () => [])
  best[0] = [{ parts: [], costOfThirty: 0n, extraMonthlyMinor: 0n, actions: 0, ids: () => [] }]
  // From the full set down: what a part is joined to was made without its group.
  for (const parts of promising(groups, count, horizonDays))
    for (let mask = all; mask > 0; mask--)
      for (const part of parts)
        if ((mask & part.mask) === part.mask)
          for (const before of best[mask ^ part.mask] ?? []) keep(best[mask] ?? [], before, part)
  return best[all] ?? []
}

function keep(kept: Combination[], before: Combination, part: Part): void {
  const cost = before.costOfThirty + part.costOfThirty
  const last = kept[KEPT - 1]
  if (last && cost > last.costOfThirty) return
  const parts = [...before.parts, part]
  insert(
    kept,
    {
      parts,
      costOfThirty: cost,
      extraMonthlyMinor: before.extraMonthlyMinor + part.extraMonthlyMinor,
      actions: before.actions + part.actions,
      ids: () => parts.flatMap(({ ids }) => ids()).sort(compareList),
    },
    KEPT,
  )
}

/** Of each group, its parts that are among the best for their needs. */
function promising(groups: readonly Group[], count: number, horizonDays: HorizonDays): Iterable<Part[]> {
  const kept: Part[][] = Array.from({ length: 1 << count }, () => [])
  const groupOf = new Map<Vehicle, number>()
  const most = Math.max(KEPT, count)
  // As numbers: a bound need not be exact, and there are many.
  const limits = new Float64Array(1 << count).fill(Number.POSITIVE_INFINITY)
  const isHopeless = ({ mask, atLeast }: Group): boolean => {
    if (atLeast === null) return false
    for (let subset = mask; subset > 0; subset = (subset - 1) & mask)
      if (atLeast(subset) <= (limits[subset] ?? 0)) return false
    return true
  }
  for (const [group, each] of groups.entries()) {
    if (isHopeless(each)) continue
    const best: (Part | undefined)[] = []
    for (const vehicle of each.vehicles()) {
      groupOf.set(vehicle, group)
      forMasks(vehicle, (mask) => {
        const last = kept[mask]?.[most - 1]
        const part = partOf(vehicle, mask, horizonDays, last?.costOfThirty)
        const rival = best[mask]
        if (part && (!rival || compareRank(part, rival) < 0)) best[mask] = part
      })
    }
    for (const part of best)
      if (part) {
        const list = kept[part.mask] ?? []
        insert(list, part, most)
        const last = list[most - 1]
        if (last) limits[part.mask] = Number(last.costOfThirty)
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
  let [todayMinor, extraMonthlyMinor, changes] = [vehicle.base.todayMinor, vehicle.base.monthlyMinor, 0]
  for (let need = 0; need < vehicle.choices.length; need++) {
    const choice = vehicle.choices[need]
    if (!choice || !(mask & (1 << need))) continue
    todayMinor += choice.todayMinor
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

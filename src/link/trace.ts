import { isParams, listOf, type Params, type ParamValue } from './params.ts'

/**
 * Which pair wrote what: runs of three, an owner (a hash or a list), a key in it and the offset of the pair in the
 * query. Flat, because it is written for every pair and read only when there is a problem to point at.
 */
export type Trace = (object | string | number)[]

/**
 * The offset of the pair that wrote `owner[key]` last, or opened it when it is a hash or a list; of the first pair that
 * wrote anything in `owner` when none did; null when nothing did, or `owner` is the whole query.
 */
export function positionIn(trace: Trace, owner: object, key: string | number): number | null {
  let opened: Trace[number] | undefined
  let found = false
  for (let at = trace.length - 3; at >= 0; at -= 3) {
    if (trace[at] !== owner) continue
    opened = trace[at + 2]
    found = trace[at + 1] === key
    if (found) break
  }
  // The query itself is owned by the params, the first owner of all: what is absent there is nowhere.
  if (trace[0] === owner && !found) return null
  return typeof opened === 'number' ? opened : null
}

const NONE: readonly string[] = []

/** The names in a hash that are not among the known ones, in the order in which the link has them. */
export function unknownKeys(trace: Trace, owner: object, known: readonly string[]): readonly string[] {
  let unknown: string[] | undefined
  // Over the trace, which is at hand: a hash has no fixed shape, and `for … in` over such a one is slower.
  for (let at = 0; at < trace.length; at += 3) {
    const key = trace[at + 1]
    if (trace[at] !== owner || typeof key !== 'string' || known.includes(key) || unknown?.includes(key)) continue
    unknown ??= []
    unknown.push(key)
  }
  return unknown ?? NONE
}

/**
 * The offset of the pair behind a part as problems name it: `manager_key`, `items[0].plan_id`,
 * `items[0].resources[1].quantity`. A part the link does not have is where the part around it starts.
 *
 * @returns null when the link has nothing of it.
 */
export function positionOfPart(params: Params, trace: Trace, part: string): number | null {
  let at: ParamValue | undefined = params
  let position: number | null = null
  for (const step of part.replace(/^items\b/, 'shopping_cart_items').split(/[.[\]]+/)) {
    if (step === '') continue
    const list: ParamValue[] | null = isParams(at) && step in at ? null : listOf(at)
    const owner = at
    const key = list && isParams(at) ? (Object.keys(at)[Number(step)] ?? step) : list ? Number(step) : step
    at = list ? list[Number(step)] : isParams(at) ? at[step] : undefined
    if (at === undefined || typeof owner !== 'object' || owner === null) return position
    position = positionIn(trace, owner, key) ?? position
  }
  return position
}

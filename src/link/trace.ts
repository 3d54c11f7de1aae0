import { isParams, listOf, type Params, type ParamValue } from './params.ts'

/** One thing that a pair wrote: `key` in `owner` (a hash or a list), and the offset of the pair in the query. */
interface Entry {
  readonly owner: object
  readonly key: string | number
  readonly position: number
}

/** Which pair wrote what, in the order of the link: written for every pair, read only when there is something to say. */
export type Trace = Entry[]

/**
 * The offset of the pair that wrote `owner[key]` last, or opened it when it is a hash or a list; of the first pair that
 * wrote anything in `owner` when none did; null when nothing did, or `owner` is the whole query.
 */
export function positionIn(trace: Trace, owner: object, key: string | number): number | null {
  let opened: number | null = null
  for (let at = trace.length - 1; at >= 0; at--) {
    const entry = trace[at]
    if (entry?.owner !== owner) continue
    opened = entry.position
    if (entry.key === key) return opened
  }
  // The query itself is owned by the params, the first owner of all: what is absent there is nowhere.
  return trace[0]?.owner === owner ? null : opened
}

const NONE: readonly string[] = []

/** The names in a hash that are not among the known ones, in the order in which the link has them. */
export function unknownKeys(trace: Trace, owner: object, known: readonly string[]): readonly string[] {
  let unknown: string[] | undefined
  // Over the trace, which is at hand: a hash has no fixed shape, and `for … in` over such a one is slower.
  for (const entry of trace) {
    const { key } = entry
    if (entry.owner !== owner || typeof key !== 'string' || known.includes(key) || unknown?.includes(key)) continue
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

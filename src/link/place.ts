import type { KeyPlan } from './key-plan.ts'
import { isParams, newParams, type Params, type ParamValue } from './params.ts'
import { quote } from './quote.ts'
import type { Trace } from './trace.ts'

/** The state of one reading: which pair is at work, where its values went, and whether it clashed with earlier ones. */
export interface Reader {
  readonly trace: Trace
  position: number
  clash: string | null
}

/**
 * Puts a value where its plan says, by the rules of Rack 2.2.22. A name with no value yet, or with null, may become
 * anything; afterwards a list stays a list and a hash a hash, or `reader.clash` says what excludes what.
 *
 * @returns What stands there from now on: `into`, or what Rack puts in its place (null for a name of brackets only).
 */
export function place(reader: Reader, plan: KeyPlan, into: Params, value: string | null): ParamValue {
  const { act, key, then } = plan
  if (act === 'ignore') return null
  if (act === 'bare') return value === null ? null : [value]
  if (act === 'set') {
    reader.trace.push({ owner: into, key, position: reader.position })
    into[key] = value
    return into
  }
  const found = into[key] ?? null
  if (found === null) reader.trace.push({ owner: into, key, position: reader.position })
  if (act === 'nest') {
    const hash = found ?? newParams()
    if (!isParams(hash)) return clash(reader, key, Array.isArray(hash) ? 'a list' : 'a value', 'a group')
    into[key] = then && place(reader, then, hash, value)
    return into
  }
  const list = found ?? []
  if (!Array.isArray(list)) return clash(reader, key, isParams(list) ? 'a group' : 'a value', 'a list')
  if (found === null) into[key] = list
  const last = list[list.length - 1]
  if (then && isParams(last) && !hasPath(last, plan.path)) {
    place(reader, then, last, value)
  } else {
    reader.trace.push({ owner: list, key: list.length, position: reader.position })
    list.push(then ? place(reader, then, newParams(), value) : value)
  }
  return into
}

/** Whether a hash has a value, null included, at the end of a path of names. */
function hasPath(hash: Params, path: readonly string[] | null): boolean {
  if (path === null) return false
  let at: ParamValue = hash
  for (const step of path) {
    if (!isParams(at)) return false
    const next: ParamValue | undefined = at[step]
    if (next === undefined) return false
    at = next
  }
  return true
}

function clash(reader: Reader, key: string, first: string, second: string): null {
  reader.clash = `${quote(key)} is used both as ${first} and as ${second}; it can be only one of them.`
  return null
}

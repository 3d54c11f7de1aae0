import { BOUNDS, sizeProblem } from './bounds.ts'
import { decode } from './decode.ts'
import { type KeyPlan, knownPlan, planKey } from './key-plan.ts'
import { newParams, type Params } from './params.ts'
import { place, type Reader } from './place.ts'
import { quote } from './quote.ts'
import type { Trace } from './trace.ts'

/** A query that cannot be read at all. `position` is the offset of the pair at fault; null when it is the whole query. */
export interface Malformed {
  readonly error: 'malformed'
  readonly message: string
  readonly position: number | null
}

/** A query read: what it says, and which pair said it. */
export interface QueryReading {
  readonly params: Params
  readonly trace: Trace
}

/**
 * Reads a query as Rack 2.2.22's `parse_nested_query(query, "&")` does: `[]` opens a new element when the last one has
 * that name already, `+` and `%20` are spaces, spaces after a `&` are skipped, the last of two equal names wins.
 * Stricter than Rack in what is *our choice*: {@link BOUNDS}, and invalid UTF-8 in values too.
 * The work grows linearly with the query: each character is looked at a bounded number of times.
 *
 * @param query What follows the `?`, without it.
 */
export function readQuery(query: string): QueryReading | Malformed {
  const tooMuch = sizeProblem(query)
  if (tooMuch) return malformed(tooMuch, null)
  const params = newParams()
  const reader: Reader = { trace: [], position: 0, clash: null }
  let pairs = 0
  // The next of each mark at or after the pair, looked for again only once the last one found is passed: this keeps
  // the work linear however the marks are spread.
  let equals = -1
  let percent = -1
  let plus = -1
  for (let start = 0, end = 0; start <= query.length; start = end + 1) {
    end = indexFrom(query, '&', start)
    if (start > 0) while (start < end && query.charCodeAt(start) === 0x20) start++
    if (start === end) continue
    if (++pairs > BOUNDS.pairs) return malformed(`The link has more than ${BOUNDS.pairs} parts.`, start)
    if (equals < start) equals = indexFrom(query, '=', start)
    if (percent < start) percent = indexFrom(query, '%', start)
    if (plus < start) plus = indexFrom(query, '+', start)

    const nameEnd = equals < end ? equals : end
    const written = query.slice(start, nameEnd)
    let plan: KeyPlan | null | undefined = knownPlan(written)
    if (plan === undefined) {
      const name = percent < nameEnd || plus < nameEnd ? decode(written) : written
      if (name === null) return badEncoding(written, start)
      plan = knownPlan(name) ?? planKey(name)
      if (plan === null)
        return malformed(`The name ${quote(name)} is nested deeper than ${BOUNDS.depth} levels.`, start)
    }

    let value: string | null = null
    if (nameEnd < end) {
      const raw = query.slice(nameEnd + 1, end)
      value = percent < end || plus < end ? decode(raw) : raw
      if (value === null) return badEncoding(raw, start)
    }

    reader.position = start
    place(reader, plan, params, value)
    if (reader.clash !== null) return malformed(reader.clash, start)
  }
  return { params, trace: reader.trace }
}

const indexFrom = (text: string, mark: string, from: number): number => {
  const at = text.indexOf(mark, from)
  return at < 0 ? text.length : at
}

const malformed = (message: string, position: number | null): Malformed => ({ error: 'malformed', message, position })

const badEncoding = (written: string, position: number): Malformed =>
  malformed(`${quote(written)} is not correctly percent-encoded UTF-8.`, position)

import type { Link, LinkDraft, LinkError, LinkResource, LinkWarning } from './link.ts'
import { addWarning, type Notes } from './notes.ts'
import { newParams, type Params } from './params.ts'
import { quote } from './quote.ts'
import { readItems } from './read-items.ts'
import { type Malformed, readQuery } from './read-query.ts'
import { isManagerKey, KNOWN_ORDER_TYPES } from './shape.ts'
import { positionOfPart, unknownKeys } from './trace.ts'

/** A link read. `link` is null when there is an error; warnings never make it so. */
export interface ParsedLink {
  /** All that the query says, as Rack nests it. */
  readonly params: Params
  readonly link: Link | null
  readonly errors: readonly LinkError[]
  readonly warnings: readonly LinkWarning[]
}

/** A link read, with what a check against a catalogue needs to report its problems beside these. */
export interface InspectedLink extends ParsedLink {
  readonly draft: LinkDraft
  /** The offset of the pair behind a part; of what is around it when the part is absent; null when nothing is there. */
  readonly positionOf: (part: string) => number | null
}

/** Thrown by {@link parseQuery} only; everything else returns {@link Malformed}. `message` is safe to show. */
export class MalformedQueryError extends Error {
  override readonly name = 'MalformedQueryError'
  readonly code = 'malformed'
  readonly position: number | null
  constructor({ message, position }: Malformed) {
    super(message)
    this.position = position
  }
}

/**
 * Reads a query as Rack 2.2.22 nests it (`parse_nested_query(query, "&")`), within our bounds.
 *
 * @param query What follows the `?`, without it.
 * @throws {MalformedQueryError} Names that exclude each other, broken percent-encoding or UTF-8, over the bounds.
 */
export function parseQuery(query: string): Params {
  const reading = readQuery(query)
  if ('error' in reading) throw new MalformedQueryError(reading)
  return reading.params
}

/**
 * Reads a buy-link and checks its shape; no catalogue is asked. All problems are reported together, and nothing is
 * thrown whatever the text is (spec/buy-links.md "Reading it", "Codes").
 *
 * @param urlOrQuery A URL, `?query` or a bare query.
 */
export function parse(urlOrQuery: string): ParsedLink | Malformed {
  const { base, query } = splitUrl(urlOrQuery)
  const reading = readQuery(query)
  if ('error' in reading) return reading
  const notes: Notes = { trace: reading.trace, errors: [], warnings: [] }
  const draft = readDraft(base, reading.params, notes)
  return { params: reading.params, link: linkOf(draft, notes), errors: notes.errors, warnings: notes.warnings }
}

/** As {@link parse}, and keeps what could be read of a link with errors, and the position of every part. */
export function inspect(urlOrQuery: string): InspectedLink | Malformed {
  const { base, query } = splitUrl(urlOrQuery)
  const reading = readQuery(query)
  if ('error' in reading) return reading
  const { params, trace } = reading
  const notes: Notes = { trace, errors: [], warnings: [] }
  const draft = readDraft(base, params, notes)
  const positionOf = (part: string): number | null => positionOfPart(params, trace, part)
  return { params, link: linkOf(draft, notes), errors: notes.errors, warnings: notes.warnings, draft, positionOf }
}

/**
 * Splits a link at its `?`. A URL loses its fragment, which no server sees; a query alone keeps a `#`.
 * Text without `?` is a query, unless it starts as a URL does.
 */
function splitUrl(text: string): { base: string; query: string } {
  const mark = text.indexOf('?')
  // Most texts that are no URL have no slash either; a search for one costs a tenth of the expressions below.
  if (mark < 0 && !text.includes('/')) return { base: '', query: text }
  const before = mark < 0 ? text : text.slice(0, mark)
  if (mark === 0) return { base: '', query: text.slice(1) }
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\/|^\//i.test(before) || (mark > 0 && !/[=&]/.test(before))
  if (!isUrl) return { base: '', query: text }
  const hash = text.indexOf('#')
  const end = hash < 0 ? text.length : hash
  return mark < 0 || mark > end
    ? { base: text.slice(0, end), query: '' }
    : { base: before, query: text.slice(mark + 1, end) }
}

const LINK_KEYS: readonly string[] = [
  'shopping_cart_items',
  'manager_key',
  'order_type',
  'skip_all_steps',
  '_ga',
  'lang',
]

function readDraft(base: string, params: Params, notes: Notes): LinkDraft {
  const { application, topup } = readItems(params, notes)
  const { lang, _ga } = params
  const other = newParams()
  if (lang !== undefined) other.lang = lang
  for (const key of unknownKeys(notes.trace, params, LINK_KEYS)) {
    other[key] = params[key] ?? null
    addWarning(
      notes,
      'unknown_key',
      key,
      params,
      key,
      `${quote(key)} means nothing to us; it is kept and handed on.`,
      'Check its spelling if it was meant to do something.',
    )
  }
  return {
    base,
    application,
    topup,
    manager_key: readManagerKey(params, notes),
    order_type: readOrderType(params, notes),
    skip_all_steps: readSkip(params, notes),
    ga: typeof _ga === 'string' && _ga !== '' ? _ga : null,
    other,
  }
}

function readManagerKey(params: Params, notes: Notes): string | null {
  const value = params.manager_key
  if (value === undefined) return null
  if (typeof value === 'string' && isManagerKey(value)) return value
  addWarning(
    notes,
    'manager_key_unmatched',
    'manager_key',
    params,
    'manager_key',
    'The manager key has a form that no manager’s key has; the order goes through without a manager.',
    'Copy the key from the manager’s page: letters, digits, “_”, “.” and “-”, at most 64; capitals count.',
  )
  return null
}

function readSkip(params: Params, notes: Notes): boolean {
  const value = params.skip_all_steps
  if (value === undefined) return false
  if (value === '1') return true
  addWarning(
    notes,
    'skip_value',
    'skip_all_steps',
    params,
    'skip_all_steps',
    'Only skip_all_steps=1 skips the configuration step; this link shows it.',
    'Write skip_all_steps=1, or leave it out.',
  )
  return false
}

function readOrderType(params: Params, notes: Notes): string | null {
  const value = params.order_type
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string' || !KNOWN_ORDER_TYPES.includes(value))
    addWarning(
      notes,
      'order_type_unknown',
      'order_type',
      params,
      'order_type',
      `${typeof value === 'string' ? quote(value) : 'What is given'} is no order type we know; the order is a sales order.`,
      'Leave order_type out unless another system reads it.',
    )
  return typeof value === 'string' ? value : null
}

function linkOf(draft: LinkDraft, notes: Notes): Link | null {
  const { base, application, topup, manager_key, order_type, skip_all_steps, ga, other } = draft
  if (notes.errors.length > 0 || application === null) return null
  const { plan_id, plan_period_id, resources } = application
  if (plan_id === null || plan_period_id === null) return null
  const complete: LinkResource[] = []
  for (const { id, quantity } of resources) if (id !== null && quantity !== null) complete.push({ id, quantity })
  return {
    base,
    application: { plan_id, plan_period_id, resources: complete },
    topup: topup === null || topup.amount === null ? null : { amount: topup.amount },
    manager_key,
    order_type,
    skip_all_steps,
    ga,
    other,
  }
}

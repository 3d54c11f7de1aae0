import { BOUNDS } from './bounds.ts'

/**
 * What Rack does with a pair, worked out from the pair's name alone:
 * - `ignore`: nothing (an empty name, or only brackets)
 * - `bare`: the name `[]` inside another; the value itself stands in a list of one
 * - `set`: the value goes under `key`
 * - `append`: the value goes to the end of the list under `key`
 * - `element`: the rest of the name (`then`) goes to the last hash of the list under `key`, or opens a new one when that
 *   hash has what `path` names already; a null `path` is one that no hash has
 * - `nest`: the rest of the name goes to the hash under `key`
 */
export interface KeyPlan {
  readonly act: 'ignore' | 'bare' | 'set' | 'append' | 'element' | 'nest'
  readonly key: string
  readonly path: readonly string[] | null
  readonly then: KeyPlan | null
}

const HEAD = /^[[\]]*([^[\]]+)\]*/
// Ruby's `^` and `$` stand at every line, and only "\n" ends a line there: a name may carry `%0A`.
const ELEMENT = [/(?:^|\n)\[\]\[([^[\]]+)\](?=\n|$)/, /(?:^|\n)\[\]([^\n]+)(?=\n|$)/] as const

const plan = (
  act: KeyPlan['act'],
  key: string,
  then: KeyPlan | null = null,
  path: string[] | null = null,
): KeyPlan => ({
  act,
  key,
  path,
  then,
})

/**
 * Reads a decoded name as Rack 2.2.22 does (`Rack::QueryParser#normalize_params`), unbalanced brackets included.
 *
 * @param depth Levels left: `a` takes one, `a[b]` and `a[][b]` take two.
 * @returns null when the name is nested deeper than that.
 */
export function planKey(name: string, depth: number = BOUNDS.depth): KeyPlan | null {
  if (depth <= 0) return null
  if (name !== '' && !name.includes('[') && !name.includes(']')) return plan('set', name) // no rule for most names
  const head = HEAD.exec(name)
  if (!head) return plan(name === '[]' ? 'bare' : 'ignore', '')
  const key = head[1] ?? ''
  const after = name.slice(head[0].length)
  if (after === '') return plan('set', key)
  if (after === '[') return plan('set', name)
  if (after === '[]') return plan('append', key)
  const child = ELEMENT[0].exec(after)?.[1] ?? ELEMENT[1].exec(after)?.[1]
  const then = planKey(child ?? after, depth - 1)
  if (!then) return null
  if (child === undefined) return plan('nest', key, then)
  return plan('element', key, then, child.includes('[]') ? null : child.split(/[[\]]+/).filter((step) => step !== ''))
}

/** The names of a buy-link, and those that marketers add to any link. */
const NAMES = [
  'shopping_cart_items[][plan_id]',
  'shopping_cart_items[][plan_period_id]',
  'shopping_cart_items[][resources][][id]',
  'shopping_cart_items[][resources][][quantity]',
  'shopping_cart_items[][type]',
  'shopping_cart_items[][amount]',
  'manager_key',
  'order_type',
  'skip_all_steps',
  '_ga',
  'lang',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
]

/** Plans made once, by length of the name as written: comparing two or three texts costs half of hashing one. */
const KNOWN: { readonly written: string; readonly plan: KeyPlan }[][] = []
for (const name of NAMES) {
  const known = planKey(name)
  for (const written of new Set([name, encodeURIComponent(name)]))
    if (known) (KNOWN[written.length] ??= []).push({ written, plan: known })
}

/** The plan of a name that every buy-link has, raw or as `encodeURIComponent` writes it; undefined for other names. */
export function knownPlan(written: string): KeyPlan | undefined {
  const candidates = KNOWN[written.length]
  if (candidates) for (const candidate of candidates) if (candidate.written === written) return candidate.plan
  return undefined
}

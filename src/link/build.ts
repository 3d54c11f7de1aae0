import { BOUNDS } from './bounds.ts'
import type { Link, LinkResource } from './link.ts'
import { isParams, type Params, type ParamValue } from './params.ts'
import { parseQuery } from './parse.ts'
import { quote } from './quote.ts'
import { isAmount, isInteger, isManagerKey } from './shape.ts'

/** What {@link build} takes: a typed link, with `domain` as a short form of `base`, and nothing optional demanded. */
export interface BuildableLink {
  /** Everything before the `?`: an http(s) URL, or a path. Goes before `domain`. */
  readonly base?: string | undefined
  /** A store's canonical domain, with a port if need be: short for `https://{domain}/external_dispatcher/settle`. */
  readonly domain?: string | undefined
  readonly application: {
    readonly plan_id: string
    readonly plan_period_id: string
    readonly resources?: readonly LinkResource[] | undefined
  }
  readonly topup?: Link['topup'] | undefined
  readonly manager_key?: string | null | undefined
  readonly order_type?: string | null | undefined
  readonly skip_all_steps?: boolean | undefined
  readonly ga?: string | null | undefined
  readonly other?: Params | undefined
}

/** A link that cannot be written. `part` names what is wrong in {@link BuildableLink}; `message` is safe to show. */
export class LinkBuildError extends Error {
  override readonly name = 'LinkBuildError'
  readonly part: string
  constructor(part: string, message: string) {
    super(message)
    this.part = part
  }
}

const OURS = ['shopping_cart_items', 'manager_key', 'order_type', 'skip_all_steps', '_ga']

/**
 * Writes a buy-link in the order and the bytes of the documents (spec/buy-links.md "The link"): brackets raw, values as
 * `encodeURIComponent` does; `lang` first of the other names, these in their own order. Same input, same bytes, and
 * `build(parse(x).link)` is `x` for every link written here.
 *
 * @throws {LinkBuildError} A part is missing or of a wrong form, or the link would be longer than we read.
 */
export function build(link: BuildableLink): string {
  const { application, topup, manager_key, order_type, skip_all_steps, ga, other } = link
  const base = baseOf(link)
  demand(typeof application === 'object' && application !== null, 'application', 'Say which plan to order.')
  const pairs = [
    `shopping_cart_items[][plan_id]=${idOf(application.plan_id, 'application.plan_id')}`,
    `shopping_cart_items[][plan_period_id]=${idOf(application.plan_period_id, 'application.plan_period_id')}`,
    ...resourcePairs(application.resources ?? []),
    'shopping_cart_items[][type]=application',
  ]
  if (given(manager_key)) {
    const form = 'A manager key has 1 to 64 of the characters A-Z a-z 0-9 _ . -'
    demand(typeof manager_key === 'string' && isManagerKey(manager_key), 'manager_key', form)
    pairs.push(`manager_key=${manager_key}`)
  }
  if (given(order_type)) pairs.push(`order_type=${textOf(order_type, 'order_type')}`)
  if (given(topup)) {
    const form = 'The amount is a number above zero such as 1000 or 49.90, written as text.'
    demand(typeof topup.amount === 'string' && isAmount(topup.amount), 'topup.amount', form)
    pairs.push('shopping_cart_items[][type]=topup', `shopping_cart_items[][amount]=${topup.amount}`)
  }
  demand(skip_all_steps === undefined || typeof skip_all_steps === 'boolean', 'skip_all_steps', 'Say true or false.')
  if (skip_all_steps) pairs.push('skip_all_steps=1')
  if (given(ga)) pairs.push(`_ga=${textOf(ga, 'ga')}`)
  const others = given(other) ? otherPairs(other) : []
  pairs.push(...others)
  const query = pairs.join('&')
  const fits = pairs.length <= BOUNDS.pairs && query.length <= BOUNDS.bytes
  demand(
    fits,
    'link',
    `The link is longer than ${BOUNDS.pairs} parts or ${BOUNDS.bytes} bytes; no server would read it.`,
  )
  if (given(other)) demandReadsBack(other, others)
  return `${base}?${query}`
}

function baseOf({ base, domain }: BuildableLink): string {
  if (given(base)) {
    // Backslashes too: a browser takes them for slashes, and would leave for another host.
    const written =
      typeof base === 'string' && /^(https?:\/\/[^\s/?#\\@]+|\/(?![/\\]))[^\s?#\\]*$/i.test(base) && base.isWellFormed()
    demand(written, 'base', 'The base is an http(s) URL or a path, without “?” and “#”.')
    return base
  }
  demand(
    typeof domain === 'string' && domain !== '',
    'domain',
    'Give the domain of the store, or the base of the link.',
  )
  const host = /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}.-]*[\p{L}\p{M}\p{N}])?(:\d{1,5})?$/u
  demand(host.test(domain), 'domain', `${quote(domain)} is no domain. Give the name alone, such as shop.example.com.`)
  return `https://${domain}/external_dispatcher/settle`
}

function resourcePairs(resources: readonly LinkResource[]): string[] {
  const seen = new Set<string>()
  return resources.flatMap(({ id, quantity }, at) => {
    const part = `application.resources[${at}]`
    idOf(id, `${part}.id`)
    demand(!seen.has(id), `${part}.id`, `Resource ${id} is listed twice.`)
    seen.add(id)
    const whole = typeof quantity === 'string' && isInteger(quantity)
    demand(whole, `${part}.quantity`, 'The quantity is a whole number, digits only, written as text.')
    return [`shopping_cart_items[][resources][][id]=${id}`, `shopping_cart_items[][resources][][quantity]=${quantity}`]
  })
}

function otherPairs({ lang, ...rest }: Params): string[] {
  return Object.entries(lang === undefined ? rest : { lang, ...rest }).flatMap(([key, value]) => {
    demand(!OURS.includes(key), `other.${key}`, `${quote(key)} has a place of its own in the link.`)
    return pairsOf(encode(key, `other.${key}`), value, `other.${key}`)
  })
}

/** Not all nesting can be written (an empty list, a list of unlike groups): what would read back otherwise is refused. */
function demandReadsBack(other: Params, pairs: readonly string[]): void {
  const back = parseBack(pairs)
  for (const [key, value] of Object.entries(other))
    demand(same(back[key], value), `other.${key}`, `${quote(key)} cannot be written into a link as it is.`)
}

function pairsOf(name: string, value: ParamValue, part: string): string[] {
  if (value === null) return [name]
  if (typeof value === 'string') return [`${name}=${encode(value, part)}`]
  if (Array.isArray(value)) return value.flatMap((entry) => pairsOf(`${name}[]`, entry, part))
  demand(isParams(value), part, 'Give text, or lists and groups of text.')
  return Object.entries(value).flatMap(([key, entry]) => pairsOf(`${name}[${encode(key, part)}]`, entry, part))
}

function parseBack(pairs: readonly string[]): Params {
  try {
    return parseQuery(pairs.join('&'))
  } catch {
    return {} // reported as what cannot be written
  }
}

function same(one: ParamValue | undefined, two: ParamValue | undefined): boolean {
  if (Array.isArray(one)) return Array.isArray(two) && one.length === two.length && one.every((v, i) => same(v, two[i]))
  if (!isParams(one)) return one === two
  const keys = Object.keys(one)
  return isParams(two) && keys.length === Object.keys(two).length && keys.every((key) => same(one[key], two[key]))
}

function idOf(value: string, part: string): string {
  demand(typeof value === 'string' && isInteger(value), part, 'An id is a whole number, digits only, written as text.')
  return value
}

function textOf(value: string, part: string): string {
  demand(typeof value === 'string' && value !== '', part, 'Give some text, or leave it out.')
  return encode(value, part)
}

function encode(text: string, part: string): string {
  demand(text.isWellFormed(), part, 'The text is not valid Unicode.')
  return encodeURIComponent(text)
}

const given = <Value>(value: Value | null | undefined): value is Value => value !== undefined && value !== null

function demand(condition: boolean, part: string, message: string): asserts condition {
  if (!condition) throw new LinkBuildError(part, message)
}

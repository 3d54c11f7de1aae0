import { inspect, MalformedQueryError, parse, parseQuery, readBuyUrl, readUpsellLink } from '../src/link/index.ts'
import { hostileText } from './hostile-values.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

const SEEDS: readonly string[] = [
  'https://localhost/external_dispatcher/settle?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][type]=application&manager_key=carter81',
  '?shopping_cart_items[][plan_id]=425&shopping_cart_items[][plan_period_id]=1840&shopping_cart_items[][resources][][resource_id]=9001&shopping_cart_items[][resources][][amount]=7',
  '?shopping_cart_items[][type]=topup&shopping_cart_items[][amount]=100&skip_all_steps=1&order_type=sales',
  'http://localhost:8080/upgrade?origin=alert_on_storage&tenant_quotas=storage_size&user_account_id=1&tenant_id=2&redirect_url=https%3A%2F%2Fconsole.example%2F',
]
const PIECES = [
  '[',
  ']',
  '[]',
  '&',
  ';',
  '=',
  '%',
  '%5B',
  '%00',
  '%ff',
  '+',
  '#',
  '?',
  '__proto__',
  'a[b]',
  '[][',
  '\ud800',
  '%u0041',
  '[constructor]',
  '[][][]',
]
/** Reading one takes microseconds; a pause of the collector does not count as a slow one. */
const SLOW_MS = 400

/**
 * Hostile links through the codec: whatever the text is, each answers with what it makes of it, or with its one error,
 * soon, and without touching anything else.
 */
export function sendLinks(tally: Tally, random: Random, count: number): void {
  const began = performance.now()
  for (let number = 0; number < count; number++) {
    const link = mutate(random.pick(SEEDS), random)
    const started = performance.now()
    try {
      READERS[number % READERS.length]?.(link)
    } catch (error) {
      tally.problem('wrong', `the codec throws ${String(error).slice(0, 200)} at ${JSON.stringify(link).slice(0, 300)}`)
    }
    if (performance.now() - started > SLOW_MS)
      tally.problem('wrong', `the codec is slow at ${JSON.stringify(link).slice(0, 300)}`)
  }
  if (Object.keys(Object.prototype).length > 0) tally.problem('leaked', 'a link reached into every object')
  tally.count('links', count)
  tally.say(`${count} links, ${Math.round(((performance.now() - began) * 1000) / count)} µs each`)
}

/** Each of them reads the text from the start; most links go through the one that customers' clicks go through. */
const READERS: readonly ((link: string) => unknown)[] = [
  parse,
  parse,
  inspect,
  readBuyUrl,
  readUpsellLink,
  (link) => {
    try {
      return parseQuery(link.slice(link.indexOf('?') + 1))
    } catch (error) {
      if (!(error instanceof MalformedQueryError)) throw error
    }
  },
]

function mutate(seed: string, random: Random): string {
  let text = seed
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(text.length + 1)
    const piece = random.happens(0.7) ? random.pick(PIECES) : hostileText(random).slice(0, 300)
    const cut = random.happens(0.5) ? random.below(12) : 0
    text = text.slice(0, at) + (random.happens(0.02) ? piece.repeat(200) : piece) + text.slice(at + cut)
  }
  return text
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Channel,
  decideTouch,
  effectiveTouch,
  formatTouch,
  lifeSeconds,
  type Linkable,
  mayLink,
  parseTouch,
  touchOf,
} from './rules.ts'

const carter: Linkable = { id: 'm1', key: 'carter81', role: 'sales', active: true, sellerPath: '1.1001' }
const question = { manager: carter, key: 'carter81', sellerPath: '1.1001', account: { managerId: null } }
const linked = { kind: 'link', managerId: 'm1' } as const
const keep = (reason: string) => ({ kind: 'keep', reason })

// The conditions of the seed (seeds/003, "manager_key"), each with its negation.
for (const { name, change, decision } of [
  { name: 'links when all conditions hold', change: {}, decision: linked },
  {
    name: 'does not link for an inactive manager',
    change: { manager: { ...carter, active: false } },
    decision: keep('inactive'),
  },
  {
    name: 'does not link for a marketing manager',
    change: { manager: { ...carter, role: 'marketing' } },
    decision: keep('not_sales'),
  },
  {
    name: 'does not link for a product owner',
    change: { manager: { ...carter, role: 'owner' } },
    decision: keep('not_sales'),
  },
  {
    name: 'does not link for an administrator',
    change: { manager: { ...carter, role: 'admin' } },
    decision: keep('not_sales'),
  },
  {
    name: 'does not link for a manager without a key',
    change: { manager: { ...carter, key: null } },
    decision: keep('no_manager'),
  },
  { name: 'tells Carter81 from carter81', change: { key: 'Carter81' }, decision: keep('no_manager') },
  { name: 'does not link for a key that is only a part', change: { key: 'carter' }, decision: keep('no_manager') },
  { name: 'does not link without a key', change: { key: null }, decision: keep('no_key') },
  { name: 'does not link for an empty key', change: { key: '' }, decision: keep('no_key') },
  { name: 'does not link for a key of nobody', change: { manager: undefined }, decision: keep('no_manager') },
  {
    name: 'links for a manager of a reseller above',
    change: { manager: { ...carter, sellerPath: '1' } },
    decision: linked,
  },
  {
    name: 'does not link for a manager of a reseller below',
    change: { manager: { ...carter, sellerPath: '1.1001.1002' } },
    decision: keep('other_seller'),
  },
  {
    name: 'does not link for a manager of a reseller beside',
    change: { manager: { ...carter, sellerPath: '1.1003' } },
    decision: keep('other_seller'),
  },
  {
    name: 'tells neighbours with a common prefix apart',
    change: { manager: { ...carter, sellerPath: '1.100' } },
    decision: keep('other_seller'),
  },
  {
    name: 'never links a linked account again',
    change: { account: { managerId: 'm2' } },
    decision: keep('already_linked'),
  },
  {
    name: 'does not even link to the same manager again',
    change: { account: { managerId: 'm1' } },
    decision: keep('already_linked'),
  },
] as const)
  test(name, () => assert.deepEqual(mayLink({ ...question, ...change }), decision))

const managers: Record<string, Linkable> = {
  carter81: carter,
  dana: { ...carter, id: 'm2', key: 'dana' },
  idle: { ...carter, id: 'm3', key: 'idle', active: false },
  adverts: { ...carter, id: 'm4', key: 'adverts', role: 'marketing' },
  above: { ...carter, id: 'm5', key: 'above', sellerPath: '1' },
  beside: { ...carter, id: 'm6', key: 'beside', sellerPath: '1.1002' },
  below: { ...carter, id: 'm7', key: 'below', sellerPath: '1.1001.1003' },
}
const directory = { findByKey: (key: string) => (Object.hasOwn(managers, key) ? managers[key] : undefined) }
const FIRST_DAY = Date.UTC(2026, 2, 1)
const day = (days: number): Date => new Date(FIRST_DAY + days * 86_400_000)

/** A visit on a day: by a page of the store, a buy-link, or a token that says when the key was seen elsewhere. */
interface Step {
  readonly on: number
  readonly by?: Channel
  readonly key?: string
  readonly seenOn?: number
}

/** A browser that follows its steps: what its cookie says in the end, as text, and for how long. */
function follow(steps: readonly Step[]): { cookie: string | undefined; endsOn: number } {
  let [cookie, endsOn]: [string | undefined, number] = [undefined, 0]
  for (const { on, by = 'store_page', key, seenOn = on } of steps) {
    if (endsOn <= on) cookie = undefined
    const incoming = touchOf(key, by, day(seenOn))
    const visit = { incoming, existing: parseTouch(cookie, day(on)), sellerPath: '1.1001', directory }
    const touch = decideTouch(visit)
    if (touch === null) continue
    cookie = formatTouch(touch)
    endsOn = on + lifeSeconds(touch, day(on)) / 86_400
  }
  return { cookie, endsOn }
}

/** Whom an order or a registration on a day is credited to, and by what; else why nobody. */
function credit(
  steps: readonly Step[],
  { on, key, linkedTo = null }: { on: number; key?: string; linkedTo?: string | null },
) {
  const { cookie, endsOn } = follow(steps)
  const existing = endsOn > on ? parseTouch(cookie, day(on)) : null
  const touch = effectiveTouch({
    incoming: touchOf(key, 'buy_link', day(on)),
    existing,
    sellerPath: '1.1001',
    directory,
  })
  const found = touch === null ? undefined : directory.findByKey(touch.key)
  const decision = mayLink({ manager: found, key: touch?.key, sellerPath: '1.1001', account: { managerId: linkedTo } })
  return decision.kind === 'link' ? `${touch?.key} by ${touch?.channel}` : decision.reason
}

const page = (key?: string, on = 0): Step => ({ on, ...(key !== undefined && { key }) })
const link = (key: string, on = 0): Step => ({ on, by: 'buy_link', key })
const token = (key: string, seenOn: number, on: number): Step => ({ on, by: 'token', key, seenOn })

// spec/buy-links.md "Attribution", sentence by sentence, each condition with its negation.
for (const [sentence, steps, order, credited] of [
  ['any store page accepts the key', [page('carter81')], { on: 1 }, 'carter81 by store_page'],
  ['any buy-link accepts it', [link('carter81')], { on: 1 }, 'carter81 by buy_link'],
  ['without a key nobody is credited', [page()], { on: 1 }, 'no_key'],
  ['the cookie lasts 30 days', [page('carter81')], { on: 29.99 }, 'carter81 by store_page'],
  ['and not a moment more', [page('carter81')], { on: 30 }, 'no_key'],
  ['from the last such visit', [page('carter81'), page('carter81', 20)], { on: 49.9 }, 'carter81 by store_page'],
  ['not from the first', [page('carter81'), page('carter81', 20)], { on: 50 }, 'no_key'],
  ['a visit without a key does not prolong it', [page('carter81'), page(undefined, 20)], { on: 31 }, 'no_key'],
  ['the newest matching key wins', [page('carter81'), page('dana', 1)], { on: 2 }, 'dana by store_page'],
  ['whichever way it comes', [page('dana'), link('carter81', 1)], { on: 2 }, 'carter81 by buy_link'],
  [
    'a key of nobody does not replace one that matches',
    [page('carter81'), page('nobody', 1)],
    { on: 2 },
    'carter81 by store_page',
  ],
  [
    'nor does the same key in other letters',
    [page('carter81'), page('Carter81', 1)],
    { on: 2 },
    'carter81 by store_page',
  ],
  ['nor an inactive manager’s', [page('carter81'), page('idle', 1)], { on: 2 }, 'carter81 by store_page'],
  ['nor a reseller’s beside', [page('carter81'), page('beside', 1)], { on: 2 }, 'carter81 by store_page'],
  ['a matching key replaces one of nobody', [page('nobody'), page('dana', 1)], { on: 2 }, 'dana by store_page'],
  ['a key of nobody is kept where there was none', [page('nobody')], { on: 1 }, 'no_manager'],
  ['what is no key is ignored', [page('carter81'), page('a b;c', 1)], { on: 2 }, 'carter81 by store_page'],
  ['a key of 65 characters is none', [page('x'.repeat(65))], { on: 1 }, 'no_key'],
  ['the link is read first', [page('carter81')], { on: 1, key: 'dana' }, 'dana by buy_link'],
  ['then the cookie', [page('carter81')], { on: 1 }, 'carter81 by store_page'],
  [
    'also where the link’s key counts for nobody',
    [page('carter81')],
    { on: 1, key: 'nobody' },
    'carter81 by store_page',
  ],
  ['a link is enough without a cookie', [], { on: 1, key: 'carter81' }, 'carter81 by buy_link'],
  ['between domains it travels as a token', [token('carter81', 0, 0)], { on: 1 }, 'carter81 by token'],
  ['its month goes on, and does not begin anew', [token('carter81', 0, 20)], { on: 30 }, 'no_key'],
  ['until the 30 days are over', [token('carter81', 0, 20)], { on: 29.9 }, 'carter81 by token'],
  [
    'a token is no newer than the visit it tells of',
    [page('dana', 5), token('carter81', 3, 6)],
    { on: 7 },
    'dana by store_page',
  ],
  ['and replaces what is older', [page('dana', 2), token('carter81', 3, 6)], { on: 7 }, 'carter81 by token'],
  ['keys are case-sensitive', [page('Carter81')], { on: 1 }, 'no_manager'],
  ['the manager is active', [page('idle')], { on: 1 }, 'inactive'],
  ['has the role sales', [page('adverts')], { on: 1 }, 'not_sales'],
  ['has that exact key', [page('carter8')], { on: 1 }, 'no_manager'],
  ['belongs to this reseller or above it', [page('above')], { on: 1 }, 'above by store_page'],
  ['not beside it', [page('beside')], { on: 1 }, 'other_seller'],
  ['not below it', [page('below')], { on: 1 }, 'other_seller'],
  ['the account has no manager yet', [page('carter81')], { on: 1, linkedTo: 'm2' }, 'already_linked'],
  [
    'a linked account is never linked again, not to the same either',
    [page('carter81')],
    { on: 1, linkedTo: 'm1' },
    'already_linked',
  ],
  ['not by a link either', [], { on: 1, key: 'dana', linkedTo: 'm1' }, 'already_linked'],
] as const satisfies readonly (readonly [string, readonly Step[], Parameters<typeof credit>[1], string])[])
  test(`row 44: ${sentence}: ${credited}`, () => assert.equal(credit(steps, order), credited))

test('a planted cookie that is no touch counts for nothing', () => {
  for (const text of [
    '<x>',
    'a b',
    'carter81~x~1',
    'carter81~b',
    'carter81~b~',
    'carter81~b~1~2',
    'x'.repeat(65),
    '',
    undefined,
  ])
    assert.equal(parseTouch(text, day(0)), null, text)
  assert.deepEqual(parseTouch('carter81', day(0)), { key: 'carter81', channel: 'cookie', at: null })
})

test('a cookie kept longer than a browser would keep it counts no more, one from the future is from now', () => {
  const touch = { key: 'carter81', channel: 'buy_link', at: day(0) } as const
  assert.equal(parseTouch(formatTouch(touch), day(30)), null)
  assert.deepEqual(parseTouch(formatTouch({ ...touch, at: day(9) }), day(1))?.at, day(1))
})

test('whatever a touch holds is read back, to the second', () => {
  const keys = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/)
  const channels = fc.constantFrom('store_page', 'buy_link', 'token', 'cookie' as const)
  fc.assert(
    fc.property(keys, channels, fc.integer({ min: 0, max: 2_591_999 }), (key, channel, secondsAgo) => {
      const at = new Date(day(40).getTime() - secondsAgo * 1000)
      assert.deepEqual(parseTouch(formatTouch({ key, channel, at }), day(40)), { key, channel, at })
    }),
  )
})

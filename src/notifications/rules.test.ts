import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  chooseLanguage,
  effectiveHandlers,
  judgeStatus,
  nextTry,
  type Placed,
  RETRY_MS,
  retryAfterMs,
  wantsEvent,
} from './rules.ts'

test('what fails always is tried for exactly three days, the waits growing', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
      const since = new Date('2026-03-01T12:00:00Z')
      const tried = [since]
      for (let next: Date | undefined = since; next; ) {
        next = nextTry({ tries: tried.length, since, at: next, random })
        if (next) tried.push(next)
      }
      assert.equal((tried.at(-1)?.getTime() ?? 0) - since.getTime(), RETRY_MS)
      assert.ok(tried.length >= 15 && tried.length <= 20, `${tried.length} tries`)
      const waits = tried.slice(1, -1).map((at, index) => at.getTime() - (tried[index]?.getTime() ?? 0))
      assert.deepEqual(
        waits,
        waits.toSorted((a, b) => a - b),
      )
    }),
  )
})

test('a receiver may ask for a longer wait, not for a shorter one, and not for longer than the longest', () => {
  const at = new Date('2026-03-01T12:00:00Z')
  const wait = (retryAfter: number) =>
    (nextTry({ tries: 1, since: at, at, retryAfterMs: retryAfter, random: 0 })?.getTime() ?? 0) - at.getTime()
  assert.equal(wait(0), 5_000)
  assert.equal(wait(60_000), 60_000)
  assert.equal(wait(10 * RETRY_MS), 8 * 3_600_000)
})

for (const { header, ms } of [
  { header: undefined, ms: undefined },
  { header: '120', ms: 120_000 },
  { header: 'Sun, 01 Mar 2026 12:01:00 GMT', ms: 60_000 },
  { header: 'Sun, 01 Mar 2026 11:00:00 GMT', ms: 0 },
  { header: 'soon', ms: undefined },
])
  test(`Retry-After ${header} is ${ms} ms`, () =>
    assert.equal(retryAfterMs(header, new Date('2026-03-01T12:00:00Z')), ms))

for (const { status, verdict } of [
  { status: 200, verdict: 'delivered' },
  { status: 204, verdict: 'delivered' },
  { status: 302, verdict: 'retry' },
  { status: 400, verdict: 'retry' },
  { status: 410, verdict: 'gone' },
  { status: 500, verdict: 'retry' },
])
  test(`${status} is ${verdict}`, () => assert.equal(judgeStatus(status), verdict))

test('an event is wanted by name, by family, or by asking for all', () => {
  assert.ok(wantsEvent([], 'order.placed'))
  assert.ok(wantsEvent(['order.placed'], 'order.placed'))
  assert.ok(wantsEvent(['order.*'], 'order.placed'))
  assert.ok(!wantsEvent(['order.*'], 'orders.placed'))
  assert.ok(!wantsEvent(['order'], 'order.placed'))
})

const handler = (key: string, given: Partial<Placed> = {}): Placed => ({
  key,
  overrides: null,
  delegated: true,
  enabled: true,
  ownerPath: '1',
  ...given,
})
const keysAt = (path: string, ...handlers: Placed[]) => effectiveHandlers(handlers, path).map(({ key }) => key)

test('a handler applies to its owner, and below where it is delegated', () => {
  const own = handler('own', { delegated: false })
  assert.deepEqual(keysAt('1', own), ['own'])
  assert.deepEqual(keysAt('1.2', own), [])
  assert.deepEqual(keysAt('1.2', handler('shared')), ['shared'])
})

test('the nearest override counts', () => {
  const builtIn = handler('built-in', { ownerPath: null })
  const operator = handler('operator', { overrides: 'built-in' })
  const reseller = handler('reseller', { overrides: 'built-in', ownerPath: '1.2', delegated: false })
  assert.deepEqual(keysAt('1', builtIn, operator), ['operator'])
  assert.deepEqual(keysAt('1.2', builtIn, operator, reseller), ['reseller'])
  assert.deepEqual(keysAt('1.2.3', builtIn, operator, reseller), ['operator'], 'the override was for themselves alone')
})

test('an override of an override stands for the same handler', () => {
  const builtIn = handler('built-in', { ownerPath: null })
  const operator = handler('operator', { overrides: 'built-in' })
  const reseller = handler('reseller', { overrides: 'operator', ownerPath: '1.2' })
  assert.deepEqual(keysAt('1.2', builtIn, operator, reseller), ['reseller'])
})

test('switching off an override silences what it stands for', () => {
  const off = handler('off', { overrides: 'built-in', enabled: false, ownerPath: '1.2' })
  assert.deepEqual(keysAt('1.2', handler('built-in', { ownerPath: null }), off), [])
  assert.deepEqual(keysAt('1', handler('built-in', { ownerPath: null })), ['built-in'])
})

for (const { available, wanted, chosen } of [
  { available: ['en', 'de'], wanted: 'de', chosen: 'de' },
  { available: ['en', 'de'], wanted: 'de-AT', chosen: 'de' },
  { available: ['en', 'pt-BR'], wanted: 'pt-br', chosen: 'pt-BR' },
  { available: ['en', 'de'], wanted: 'fr', chosen: 'en' },
  { available: ['de'], wanted: 'fr', chosen: 'de' },
  { available: [], wanted: 'en', chosen: undefined },
])
  test(`of ${available.join(', ') || 'none'} a reader of ${wanted} gets ${chosen}`, () =>
    assert.equal(chooseLanguage(available, wanted), chosen))

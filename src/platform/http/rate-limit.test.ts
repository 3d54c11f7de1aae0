import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { testDatabase } from '../../../test/harness/database.ts'
import { testServer } from '../../../test/harness/http.ts'
import { addressKey, createRateLimiter, perMinute, RATES } from './rate-limit.ts'
import { route } from './route.ts'

test('allows a burst, then as much as flows in', () => {
  let nowMs = 0
  const limiter = createRateLimiter(() => nowMs)
  const take = () => limiter.take(RATES.user, 'user:a')
  for (let count = 0; count < 200; count++) take()
  assert.throws(take, { code: 'rate_limited', extra: { retryAfterSeconds: 1 } })
  assert.doesNotThrow(() => limiter.take(RATES.user, 'user:b'))
  nowMs += 1000
  for (let count = 0; count < 20; count++) take()
  assert.throws(take)
  nowMs += 60_000
  assert.deepEqual(take(), { ratelimit: '"user";r=199;t=1', 'ratelimit-policy': '"user";q=200;w=10' })
})

test('a limit a minute says when to come again', () => {
  let nowMs = 0
  const limiter = createRateLimiter(() => nowMs)
  for (let count = 0; count < 10; count++) limiter.take(perMinute('minute', 10), '1.2.3.4')
  assert.throws(() => limiter.take(perMinute('minute', 10), '1.2.3.4'), { extra: { retryAfterSeconds: 6 } })
  nowMs += 6000
  assert.doesNotThrow(() => limiter.take(perMinute('minute', 10), '1.2.3.4'))
})

for (const [ip, key] of [
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
] as const)
  test(`counts ${ip} as ${key}`, () => assert.equal(addressKey(ip), key))

test('answers 429 with Retry-After, for one address and one route', async () => {
  const database = await testDatabase()
  const define = (path: string, limitPerMinute?: number) =>
    route({
      method: 'POST',
      path,
      scope: null,
      summary: 'Try',
      ...(limitPerMinute !== undefined && { limitPerMinute }),
      input: z.object({}),
      output: z.object({}),
      handle: async () => ({}),
    })
  const { request } = await testServer(database, { routes: [define('/api/v1/sessions', 10), define('/api/v1/others')] })
  const statuses = []
  for (let count = 0; count < 12; count++) statuses.push((await request('POST', '/api/v1/sessions')).status)
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 200), 429, 429])
  const refused = await request('POST', '/api/v1/sessions')
  assert.equal(refused.headers.get('retry-after'), '6')
  assert.equal(refused.body?.['code'], 'rate_limited')
  const other = await request('POST', '/api/v1/others')
  assert.equal(other.status, 200)
  assert.match(other.headers.get('ratelimit') ?? '', /^"address";r=\d+;t=\d+$/)
})

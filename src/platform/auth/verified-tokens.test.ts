import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixedClock } from '../../../test/harness/clock.ts'
import { createVerifiedTokens } from './verified-tokens.ts'

test('a verified token is remembered until it expires, and the oldest makes room', () => {
  const clock = fixedClock('2026-03-01T12:00:00Z')
  const verified = createVerifiedTokens<{ expiresAt: Date; name: string }>(clock, 2)
  const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000)
  verified.keep('one', { name: 'one', expiresAt: inSeconds(900) })
  assert.equal(verified.find('one')?.name, 'one')
  assert.equal(verified.find('One'), undefined)
  verified.keep('two', { name: 'two', expiresAt: inSeconds(10) })
  verified.keep('three', { name: 'three', expiresAt: inSeconds(20) })
  assert.deepEqual(
    ['one', 'two', 'three'].map((token) => verified.find(token)?.name),
    [undefined, 'two', 'three'],
  )
  clock.advance(10_000)
  assert.deepEqual([verified.find('two'), verified.find('three')?.name], [undefined, 'three'])
})

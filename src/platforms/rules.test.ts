import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { baseUrlOf, hasHappened, ownUse } from './rules.ts'

for (const { text, url } of [
  { text: ' https://dc.example/ ', url: 'https://dc.example' },
  { text: 'https://dc.example/api/2', url: 'https://dc.example' },
  { text: 'https://dc.example/account/api/2/', url: 'https://dc.example/account' },
  { text: 'http://127.0.0.1:8080', url: 'http://127.0.0.1:8080' },
  { text: 'https://user:secret@dc.example', url: undefined },
  { text: 'https://dc.example/?x=1', url: undefined },
  { text: 'ftp://dc.example', url: undefined },
  { text: 'dc.example', url: undefined },
])
  test(`a platform at ${text}`, () => assert.equal(baseUrlOf(text), url))

const begun = { toUnits: 5n, fromValue: 10n, fromVersion: 7n, toValue: 15n }
for (const { name, value, version, happened } of [
  { name: 'the version that was read', value: 10n, version: 7n, happened: false },
  { name: 'the value that was asked for', value: 15n, version: 8n, happened: true },
  { name: 'somebody else’s lower value', value: 12n, version: 8n, happened: false },
  { name: 'somebody else’s higher value', value: 20n, version: 9n, happened: true },
  { name: 'no limit any more', value: null, version: 0n, happened: true },
])
  test(`a raise that nobody saw end, and now ${name}: ${happened ? 'done' : 'to be done'}`, () =>
    assert.equal(hasHappened(begun, { value, overage: null, version }), happened))

/** A platform, a crash at any moment, and a second try: what a raise is for. */
test('a raise that is tried until it is known to be done raises once, whenever it is cut off', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, 1000n),
      fc.bigInt(1n, 100n),
      fc.array(fc.constantFrom('before', 'after', 'answered'), { maxLength: 5 }),
      (value, units, cuts) => {
        let there = { value, overage: null, version: 1n }
        let kept: typeof begun | undefined
        let done = false
        for (const cut of [...cuts, 'answered']) {
          if (done) break
          const read = there
          if (kept && hasHappened(kept, read)) {
            done = true
            break
          }
          kept = { toUnits: units, fromValue: read.value, fromVersion: read.version, toValue: read.value + units }
          if (cut === 'before') continue
          there = { value: kept.toValue, overage: null, version: there.version + 1n }
          done = cut === 'answered'
        }
        assert.equal(there.value, value + units)
      },
    ),
  )
})

test('what users use is not counted twice', () => {
  assert.equal(ownUse(10n, [3n, 4n]), 3n)
  assert.equal(ownUse(5n, [3n, 4n]), 0n)
})

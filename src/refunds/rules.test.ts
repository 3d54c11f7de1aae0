import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitRefund } from './rules.ts'

for (const { name, amount, left, split } of [
  { name: 'all of it takes all of its tax', amount: 5831n, left: [4900n, 931n], split: [4900n, 931n] },
  { name: 'a part takes its share, rounded half up', amount: 1000n, left: [4900n, 931n], split: [840n, 160n] },
  { name: 'without tax there is none', amount: 100n, left: [4900n, 0n], split: [100n, 0n] },
])
  test(name, () => {
    const [netMinor = 0n, taxMinor = 0n] = left
    const { netMinor: net, taxMinor: tax } = splitRefund(amount, { netMinor, taxMinor })
    assert.deepEqual([net, tax], split)
  })

test('parts sum to the whole, net and tax, and neither falls below nothing, however it is split', () => {
  const amount = fc.bigInt({ min: 0n, max: 100_000n })
  fc.assert(
    fc.property(amount, amount, fc.array(fc.bigInt({ min: 1n, max: 50_000n })), (netMinor, taxMinor, parts) => {
      let left = { netMinor, taxMinor }
      for (const wanted of [...parts, netMinor + taxMinor]) {
        const total = left.netMinor + left.taxMinor
        const part = wanted < total ? wanted : total
        if (part === 0n) break
        const split = splitRefund(part, left)
        assert.equal(split.netMinor + split.taxMinor, part)
        left = { netMinor: left.netMinor - split.netMinor, taxMinor: left.taxMinor - split.taxMinor }
        assert.ok(left.netMinor >= 0n && left.taxMinor >= 0n)
      }
      assert.deepEqual(left, { netMinor: 0n, taxMinor: 0n })
    }),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountLine, documentOf, numberOf, seriesOf, settle, sumsOf, taxesOf } from './rules.ts'

const line = (netMinor: bigint, taxMinor = 0n, taxBasisPoints = 0) =>
  amountLine('return', 'Backup', { netMinor, taxMinor }, taxBasisPoints)

test('income is an invoice with the lines as they are', () => {
  const lines = [line(4900n, 931n), line(-900n, -171n)]
  const { kind, netMinor, taxMinor, totalMinor } = documentOf({ netMinor: 4000n, taxMinor: 760n }, lines)
  assert.deepEqual([kind, netMinor, taxMinor, totalMinor], ['invoice', 4000n, 760n, 4760n])
})

test('what is given back is a credit note of positive amounts', () => {
  const document = documentOf({ netMinor: -4900n, taxMinor: -931n }, [line(4900n, 931n)])
  assert.deepEqual([document.kind, document.totalMinor, document.lines[0]?.netMinor], ['credit_note', 5831n, 4900n])
})

test('a month whose corrections are more than its usage is a credit note of what is left', () => {
  const document = documentOf({ netMinor: -20n, taxMinor: 0n }, [line(30n), line(-50n)])
  assert.deepEqual([document.kind, document.lines.map(({ netMinor }) => netMinor)], ['credit_note', [-30n, 50n]])
})

for (const { name, posted } of [
  { name: 'net', posted: { netMinor: 4901n, taxMinor: 931n } },
  { name: 'tax', posted: { netMinor: 4900n, taxMinor: 930n } },
  { name: 'both, though the total agrees,', posted: { netMinor: 4899n, taxMinor: 932n } },
])
  test(`lines whose ${name} differ from what was posted are refused`, () => {
    assert.throws(() => documentOf(posted, [line(4900n, 931n)]), /not what was posted/)
  })

const amount = fc.bigInt({ min: -10_000n, max: 10_000n })
test('a document is the sum of its lines, and of its rates, whatever was posted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, amount, fc.constantFrom(0, 700, 1900)), { minLength: 1 }), (parts) => {
      const lines = parts.map(([net, tax, rate]) => line(net, tax, rate))
      const posted = sumsOf(lines)
      fc.pre(posted.netMinor + posted.taxMinor !== 0n)
      const document = documentOf(posted, lines)
      assert.ok(document.totalMinor > 0n)
      assert.deepEqual(sumsOf(document.lines), { netMinor: document.netMinor, taxMinor: document.taxMinor })
      assert.deepEqual(sumsOf(taxesOf(document.lines)), { netMinor: document.netMinor, taxMinor: document.taxMinor })
    }),
  )
})

test('numbers of a series sort as text; a year in it makes a series of each year', () => {
  assert.equal(numberOf('IN', 42n), 'IN000042')
  assert.equal(numberOf(seriesOf('R{year}-', new Date('2026-12-31T23:59:59Z')), 1n), 'R2026-000001')
  assert.equal(seriesOf('R{year}-', new Date('2027-01-01T00:00:00Z')), 'R2027-')
})

const owed = (...totals: bigint[]) =>
  totals.map((totalMinor, index) => ({ id: String(index), totalMinor, paidMinor: 0n }))
for (const { name, debt, paid } of [
  { name: 'nothing, while the balance is short of all', debt: 300n, paid: [] },
  { name: 'nothing, while it is short of more', debt: 900n, paid: [] },
  { name: 'the older one first', debt: 200n, paid: [{ id: '0', paidMinor: 100n }] },
  {
    name: 'a part of the next one',
    debt: 150n,
    paid: [
      { id: '0', paidMinor: 100n },
      { id: '1', paidMinor: 50n },
    ],
  },
  {
    name: 'all of them, once nothing is short',
    debt: 0n,
    paid: [
      { id: '0', paidMinor: 100n },
      { id: '1', paidMinor: 200n },
    ],
  },
])
  test(`of what is owed, paid is ${name}`, () => assert.deepEqual(settle(owed(100n, 200n), debt), paid))

test('what is paid never falls, never passes the total, and leaves open what the balance is short of', () => {
  const invoice = fc.bigInt({ min: 1n, max: 1000n })
  fc.assert(
    fc.property(
      fc.array(invoice, { maxLength: 8 }),
      fc.array(fc.bigInt({ min: 0n, max: 3000n }), { maxLength: 6 }),
      (totals, debts) => {
        let now = owed(...totals)
        for (const debt of debts) {
          const open = now.reduce((sum, { totalMinor, paidMinor }) => sum + totalMinor - paidMinor, 0n)
          const paid = new Map(
            settle(
              now.filter(({ totalMinor, paidMinor }) => paidMinor < totalMinor),
              debt,
            ).map(({ id, paidMinor }) => [id, paidMinor]),
          )
          for (const { id, totalMinor, paidMinor } of now) {
            const next = paid.get(id) ?? paidMinor
            assert.ok(next >= paidMinor && next <= totalMinor)
          }
          now = now.map((each) => ({ ...each, paidMinor: paid.get(each.id) ?? each.paidMinor }))
          const left = now.reduce((sum, { totalMinor, paidMinor }) => sum + totalMinor - paidMinor, 0n)
          assert.equal(left, open < debt ? open : debt)
        }
      },
    ),
  )
})

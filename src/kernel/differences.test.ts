import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences } from './differences.ts'

test('says which field of which item has changed, and nothing about the rest', () => {
  const before = {
    name: 'Backup',
    periods: [
      { id: '1', fee: 4900n },
      { id: '2', fee: 100n },
    ],
    models: ['prepay'],
  }
  const after = {
    name: 'Backup',
    periods: [
      { id: '2', fee: 100n },
      { id: '1', fee: 5100n },
    ],
    models: ['prepay', 'postpay'],
  }
  assert.deepEqual(differences(before, after), [
    { path: 'periods[1].fee', from: '4900', to: '5100' },
    { path: 'models', from: 'prepay', to: 'prepay, postpay' },
  ])
})

test('null, undefined and absence are alike: there is no value', () => {
  assert.deepEqual(differences({ a: null, b: undefined }, {}), [])
  assert.deepEqual(differences({ a: null }, { a: '1' }), [{ path: 'a', from: undefined, to: '1' }])
})

test('the order of a list counts where it says something, and only of what stands in both', () => {
  const list = (...keys: string[]) => ({ plan: { resources: keys.map((key) => ({ key })) } })
  const order = (before: object, after: object) =>
    differences(before, after, ['resources']).filter(({ path }) => path.endsWith('.order'))
  assert.deepEqual(order(list('a', 'b', 'c'), list('c', 'x', 'a')), [
    { path: 'plan.resources.order', from: 'a, c', to: 'c, a' },
  ])
  assert.deepEqual(order(list('a', 'b'), list('x', 'a', 'b')), [])
  assert.deepEqual(order({}, list('a', 'b')), [])
  assert.deepEqual(differences(list('a', 'b'), list('b', 'a')), [])
})

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

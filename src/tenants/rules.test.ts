import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAtOrBelow, isVisible, mayContain } from './rules.ts'

for (const { parent, child, may } of [
  { parent: 'root', child: 'partner', may: true },
  { parent: 'partner', child: 'customer', may: true },
  { parent: 'folder', child: 'folder', may: true },
  { parent: 'partner', child: 'unit', may: false },
  { parent: 'customer', child: 'unit', may: true },
  { parent: 'customer', child: 'folder', may: false },
  { parent: 'customer', child: 'customer', may: false },
  { parent: 'unit', child: 'unit', may: true },
] as const)
  test(`a ${child} ${may ? 'may' : 'may not'} stand below a ${parent}`, () =>
    assert.equal(mayContain(parent, child), may))

test('a path is at or below another by whole numbers, not by digits', () => {
  assert.equal(isAtOrBelow('1.10', '1.10'), true)
  assert.equal(isAtOrBelow('1.10.3', '1.10'), true)
  assert.equal(isAtOrBelow('1.101', '1.10'), false)
  assert.equal(isAtOrBelow('1', '1.10'), false)
})

test('a barrier shuts out those above it and nobody at or below it', () => {
  const behind = { path: '1.10.12.5', accessPath: '1.10.12' }
  assert.equal(isVisible(behind, { path: '1' }), false)
  assert.equal(isVisible(behind, { path: '1.10' }), false)
  assert.equal(isVisible(behind, { path: '1.10.12' }), true)
  assert.equal(isVisible(behind, { path: '1.10.12.5' }), true)
})

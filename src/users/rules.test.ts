import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseUser, isSalesAlone, mayHold, SCOPES, scopesOf } from './rules.ts'
import type { RoleId } from './schema.ts'

const can = (roles: RoleId[], kind: Parameters<typeof scopesOf>[1]) => [...scopesOf(roles, kind)].toSorted()

test('the operator’s administrator may everything', () => assert.deepEqual(can(['root_admin'], 'root'), [...SCOPES]))

test('mails, which carry sign-in links, are the operator’s alone', () => {
  const others: [RoleId, 'partner' | 'root' | 'customer'][] = [
    ['partner_admin', 'partner'],
    ['readonly_admin', 'root'],
    ['finance', 'partner'],
    ['sales', 'partner'],
    ['company_admin', 'customer'],
  ]
  for (const [role, kind] of others) assert.ok(!scopesOf([role], kind).has('mails:read'), role)
})

test('who may only read may change nothing, wherever they are', () => {
  for (const kind of ['root', 'partner', 'folder', 'customer', 'unit'] as const)
    for (const scope of scopesOf(['readonly_admin'], kind)) assert.match(scope, /:read$/)
  assert.ok(scopesOf(['readonly_admin'], 'partner').has('ledger:read'))
  assert.ok(!scopesOf(['readonly_admin'], 'customer').has('ledger:read'))
})

test('finance approves payments and places no orders', () => {
  const scopes = scopesOf(['finance'], 'partner')
  assert.ok(scopes.has('payments:approve'))
  assert.ok(!scopes.has('checkouts:write') && !scopes.has('payments:write'))
})

test('no customer approves payments', () => {
  for (const role of ['company_admin', 'company_finance'] as const)
    assert.ok(!scopesOf([role], 'customer').has('payments:approve'))
})

test('roles add up', () =>
  assert.deepEqual(
    scopesOf(['finance', 'sales'], 'partner'),
    new Set([...scopesOf(['finance'], 'partner'), ...scopesOf(['sales'], 'partner')]),
  ))

for (const { roles, alone } of [
  { roles: ['sales'], alone: true },
  { roles: ['sales', 'partner_admin'], alone: false },
  { roles: ['sales', 'finance'], alone: false },
  { roles: ['sales', 'readonly_admin'], alone: false },
  { roles: ['partner_admin'], alone: false },
  { roles: [], alone: false },
] as const)
  test(`${roles.join(' and ') || 'nobody'} ${alone ? 'sees only' : 'does not see only'} what is attributed to them`, () =>
    assert.equal(isSalesAlone(roles), alone))

test('nobody becomes a reseller’s administrator inside a customer', () => {
  assert.equal(mayHold('customer', 'partner_admin'), false)
  assert.equal(mayHold('partner', 'root_admin'), false)
  assert.equal(mayHold('partner', 'partner_admin'), true)
  assert.equal(mayHold('customer', 'company_admin'), true)
})

test('at a store its own person comes before the one above it; elsewhere the person has to say', () => {
  const operator = { sellerPath: '1' }
  const own = { sellerPath: '1.1001' }
  const beside = { sellerPath: '1.1002' }
  const below = { sellerPath: '1.1001.1003' }
  assert.deepEqual(chooseUser([operator, beside, own, below], '1.1001'), { kind: 'one', user: own })
  assert.deepEqual(chooseUser([beside, operator], '1.1001'), { kind: 'one', user: operator })
  assert.deepEqual(chooseUser([operator, own], null), { kind: 'ambiguous', users: [operator, own] })
  assert.deepEqual(chooseUser([beside, below], '1.1001'), { kind: 'ambiguous', users: [beside, below] })
  assert.deepEqual(chooseUser([beside], '1.1001'), { kind: 'one', user: beside })
  assert.deepEqual(chooseUser([operator], null), { kind: 'one', user: operator })
  assert.deepEqual(chooseUser([], null), { kind: 'none' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountName, isCountry, registrationProblems, safeReturnTo } from './rules.ts'
import type { AccountDetails } from './schema.ts'

for (const { path, to } of [
  {
    path: '/client/new_order?shopping_cart_items[][plan_id]=425&a=%20',
    to: '/client/new_order?shopping_cart_items[][plan_id]=425&a=%20',
  },
  { path: '/client/', to: '/client/' },
  { path: undefined, to: '/client/' },
  { path: '/portal/orders', to: '/client/' },
  { path: '/client', to: '/client/' },
  { path: '/clients/x', to: '/client/' },
  { path: '//evil.example/client/', to: '/client/' },
  { path: 'https://evil.example/client/', to: '/client/' },
  { path: '/client/../../evil', to: '/client/' },
  { path: '/client/..\\..\\portal', to: '/client/' },
  { path: '/client/%2e%2e/portal', to: '/client/' },
  { path: '/client/..//evil.example', to: '/client/' },
  { path: 'javascript:alert(1)', to: '/client/' },
])
  test(`leads from ${path} to ${to}`, () => assert.equal(safeReturnTo(path), to))

const details: AccountDetails = {
  customerType: 'business',
  companyName: 'Contoso',
  country: 'DE',
  city: 'Bonn',
  street: 'Weg 1',
  zip: '53111',
}
const person = { firstName: 'Ann', lastName: 'Lee' }
const wrong = (change: Partial<AccountDetails>, who = person) =>
  registrationProblems({ ...details, ...change }, who).map(({ path }) => path)

test('a complete registration has no problems', () => assert.deepEqual(wrong({}), []))
test('a business needs its name, a person does not', () => {
  assert.deepEqual(wrong({ companyName: '' }), ['company_name'])
  assert.deepEqual(wrong({ customerType: 'person', companyName: '' }), [])
})
test('all problems are told together', () =>
  assert.deepEqual(wrong({ city: '', street: '', zip: '', country: 'XX' }, { firstName: '', lastName: '' }), [
    'first_name',
    'last_name',
    'country',
    'city',
    'street',
    'zip',
  ]))
test('a VAT number has the form of its country, where that has one', () => {
  assert.deepEqual(wrong({ vatId: 'DE123456789' }), [])
  assert.deepEqual(wrong({ vatId: '' }), [])
  assert.deepEqual(wrong({ vatId: '12345' }), ['vat_id'])
  assert.deepEqual(wrong({ country: 'US', vatId: '12345' }), [])
})
test('knows countries by their two letters', () => {
  for (const code of ['DE', 'US', 'RU', 'JP']) assert.ok(isCountry(code), code)
  for (const code of ['de', 'XX', 'DEU', '', 'A1']) assert.ok(!isCountry(code), code)
})
test('an account goes by its company, else by the person', () => {
  assert.equal(accountName(details, person), 'Contoso')
  assert.equal(accountName({ ...details, customerType: 'person' }, person), 'Ann Lee')
})

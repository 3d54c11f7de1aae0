import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideManagerCookie, effectiveKey, type Linkable, mayLink } from './rules.ts'

const carter: Linkable = { id: 'm1', key: 'carter81', role: 'sales', active: true, sellerPath: '1.1001' }
const question = { manager: carter, key: 'carter81', sellerPath: '1.1001', account: { managerId: null } }
const link = { kind: 'link', managerId: 'm1' } as const
const keep = (reason: string) => ({ kind: 'keep', reason })

// The conditions of the seed (seeds/003, "manager_key"), each with its negation.
for (const { name, change, decision } of [
  { name: 'links when all conditions hold', change: {}, decision: link },
  {
    name: 'does not link for an inactive manager',
    change: { manager: { ...carter, active: false } },
    decision: keep('inactive'),
  },
  {
    name: 'does not link for a marketing manager',
    change: { manager: { ...carter, role: 'marketing' } },
    decision: keep('not_sales'),
  },
  {
    name: 'does not link for a product owner',
    change: { manager: { ...carter, role: 'owner' } },
    decision: keep('not_sales'),
  },
  {
    name: 'does not link for an administrator',
    change: { manager: { ...carter, role: 'admin' } },
    decision: keep('not_sales'),
  },
  {
    name: 'does not link for a manager without a key',
    change: { manager: { ...carter, key: null } },
    decision: keep('no_manager'),
  },
  { name: 'tells Carter81 from carter81', change: { key: 'Carter81' }, decision: keep('no_manager') },
  { name: 'does not link for a key that is only a part', change: { key: 'carter' }, decision: keep('no_manager') },
  { name: 'does not link without a key', change: { key: null }, decision: keep('no_key') },
  { name: 'does not link for an empty key', change: { key: '' }, decision: keep('no_key') },
  { name: 'does not link for a key of nobody', change: { manager: undefined }, decision: keep('no_manager') },
  {
    name: 'links for a manager of a reseller above',
    change: { manager: { ...carter, sellerPath: '1' } },
    decision: link,
  },
  {
    name: 'does not link for a manager of a reseller below',
    change: { manager: { ...carter, sellerPath: '1.1001.1002' } },
    decision: keep('other_seller'),
  },
  {
    name: 'does not link for a manager of a reseller beside',
    change: { manager: { ...carter, sellerPath: '1.1003' } },
    decision: keep('other_seller'),
  },
  {
    name: 'tells neighbours with a common prefix apart',
    change: { manager: { ...carter, sellerPath: '1.100' } },
    decision: keep('other_seller'),
  },
  {
    name: 'never links a linked account again',
    change: { account: { managerId: 'm2' } },
    decision: keep('already_linked'),
  },
  {
    name: 'does not even link to the same manager again',
    change: { account: { managerId: 'm1' } },
    decision: keep('already_linked'),
  },
] as const)
  test(name, () => assert.deepEqual(mayLink({ ...question, ...change }), decision))

const managers: Record<string, Linkable> = {
  carter81: carter,
  dana: { ...carter, id: 'm2', key: 'dana' },
  idle: { ...carter, id: 'm3', key: 'idle', active: false },
}
const directory = { findByKey: (key: string) => (Object.hasOwn(managers, key) ? managers[key] : undefined) }
const visit = { sellerPath: '1.1001', directory }

for (const { name, incomingKey, existingKey, set, counts } of [
  { name: 'a first key is kept', incomingKey: 'carter81', existingKey: undefined, set: 'carter81', counts: 'carter81' },
  {
    name: 'the same key begins a new month',
    incomingKey: 'carter81',
    existingKey: 'carter81',
    set: 'carter81',
    counts: 'carter81',
  },
  { name: 'the newest matching key wins', incomingKey: 'dana', existingKey: 'carter81', set: 'dana', counts: 'dana' },
  {
    name: 'a key of nobody does not replace one that matches',
    incomingKey: 'nobody',
    existingKey: 'carter81',
    set: null,
    counts: 'carter81',
  },
  {
    name: 'a key in other letters does not replace one that matches',
    incomingKey: 'Carter81',
    existingKey: 'carter81',
    set: null,
    counts: 'carter81',
  },
  {
    name: 'an inactive manager’s key does not replace one that matches',
    incomingKey: 'idle',
    existingKey: 'dana',
    set: null,
    counts: 'dana',
  },
  {
    name: 'a key of nobody is kept where there was none: it may be given out tomorrow',
    incomingKey: 'nobody',
    existingKey: undefined,
    set: 'nobody',
    counts: 'nobody',
  },
  {
    name: 'a matching key replaces one of nobody',
    incomingKey: 'dana',
    existingKey: 'nobody',
    set: 'dana',
    counts: 'dana',
  },
  { name: 'what is no key is ignored', incomingKey: 'a b;c', existingKey: 'carter81', set: null, counts: 'carter81' },
  {
    name: 'a key that is too long is ignored',
    incomingKey: 'x'.repeat(65),
    existingKey: undefined,
    set: null,
    counts: null,
  },
  {
    name: 'a visit without a key changes nothing',
    incomingKey: undefined,
    existingKey: 'carter81',
    set: null,
    counts: 'carter81',
  },
  {
    name: 'a planted cookie that is no key counts for nothing',
    incomingKey: undefined,
    existingKey: '<x>',
    set: null,
    counts: null,
  },
])
  test(name, () => {
    assert.equal(decideManagerCookie({ ...visit, incomingKey, existingKey }), set)
    assert.equal(effectiveKey({ ...visit, incomingKey, existingKey }), counts)
  })

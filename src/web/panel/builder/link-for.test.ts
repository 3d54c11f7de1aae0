import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, parse } from '../../../link/index.ts'
import { chosenKey, linkFor, NOBODY } from './link-for.ts'

const application = { plan_id: '569', plan_period_id: '2072' }

for (const { name, topup, skip } of [
  { name: 'a plain link', topup: null, skip: false },
  { name: 'a link that skips the steps', topup: null, skip: true },
  { name: 'a link with a top-up', topup: { amount: '1000' }, skip: true },
])
  test(`${name} gets another period and a key exactly as the codec writes them`, () => {
    const base = 'http://localhost:8080/external_dispatcher/settle'
    const own = build({ base, application, topup, skip_all_steps: skip })
    const wanted = build({
      base,
      application: { ...application, plan_period_id: '2073' },
      manager_key: 'carter81',
      topup,
      skip_all_steps: skip,
    })
    assert.equal(linkFor(own, '2073', 'carter81'), wanted)
    assert.ok('link' in parse(wanted))
  })
test('without a key nothing but the period changes', () => {
  assert.equal(
    linkFor('/x?a[][plan_period_id]=1&a[][type]=application', '2', null),
    '/x?a[][plan_period_id]=2&a[][type]=application',
  )
})
test('no link, no link', () => assert.equal(linkFor(null, '1', 'k'), null))

for (const { chosen, own, key } of [
  { chosen: null, own: 'carter81', key: 'carter81' },
  { chosen: null, own: null, key: null },
  { chosen: 'dana', own: 'carter81', key: 'dana' },
  { chosen: NOBODY, own: 'carter81', key: null },
])
  test(`row 42: ${chosen ?? 'nothing'} chosen by the manager of ${own ?? 'no key'}: links carry ${key ?? 'no key'}`, () =>
    assert.equal(chosenKey(chosen, own), key))

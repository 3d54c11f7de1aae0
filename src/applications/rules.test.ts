import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EDITION_ITEMS, EDITIONS } from './catalogue.ts'
import { appliesOwn, editionWarnings, inheritedSetting, isOn, nextHigherEdition, type OfferingNode } from './rules.ts'

/** `on`, `off`; `!` locks, `~` is exclusive; `-` sets nothing. */
const node = (text: string, index: number) => ({
  tenantId: `t${index}`,
  own: text === '-' ? null : { value: text.startsWith('on'), lock: text.includes('!'), exclusive: text.includes('~') },
})

for (const { name, chain, applies, from } of [
  { name: 'the default where nobody sets it', chain: ['-', '-', '-'], applies: true, from: 'default' },
  { name: 'its own value', chain: ['-', 'on', 'off'], applies: false, from: 'own' },
  { name: 'the nearest value above', chain: ['on', 'off', '-'], applies: false, from: 't1' },
  { name: 'a value from further up', chain: ['off', '-', '-'], applies: false, from: 't0' },
  { name: 'a locked value against its own', chain: ['off!', '-', 'on'], applies: false, from: 't0' },
  { name: 'a locked value against one between', chain: ['off!', 'on', '-'], applies: false, from: 't0' },
  { name: 'the upper of two locked ones', chain: ['off!', 'on!', '-'], applies: false, from: 't0' },
  { name: 'its own value though it locks it', chain: ['-', '-', 'off!'], applies: false, from: 'own' },
  { name: 'what is above an exclusive value', chain: ['off', 'on~', '-'], applies: false, from: 't0' },
  { name: 'the default below an exclusive value', chain: ['-', 'off~', '-'], applies: true, from: 'default' },
  { name: 'its own exclusive value', chain: ['on', '-', 'off~'], applies: false, from: 'own' },
  {
    name: 'its own below a locked exclusive value, which binds nobody',
    chain: ['-', 'on!~', 'off'],
    applies: false,
    from: 'own',
  },
]) {
  test(`row 16: PromoteHigherEditions takes ${name}`, () => {
    const nodes = chain.map(node)
    const own = nodes.at(-1)?.own ?? null
    const inherited = inheritedSetting(nodes.slice(0, -1), true)
    const isOwn = appliesOwn(own, inherited)
    assert.equal(isOwn ? own.value : inherited.value, applies)
    assert.equal(isOwn ? 'own' : (inherited.ownerId ?? 'default'), from)
  })
}

test('taking values away one by one never leads past the default', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('-', 'on', 'off', 'on!', 'off!', 'on~', 'off~')), (chain) => {
      const inherited = inheritedSetting(chain.map(node), true)
      if (inherited.ownerId === null) return assert.equal(inherited.value, true)
      const index = Number(inherited.ownerId.slice(1))
      assert.ok(!chain[index]?.includes('~'))
      assert.ok(!chain.slice(0, index).some((text) => text.includes('!') && !text.includes('~')))
    }),
  )
})

const ALL = new Set(EDITIONS.map(({ name }) => name))
for (const { current, offered, next } of [
  { current: 'standard', offered: ALL, next: 'advanced' },
  { current: 'advanced', offered: ALL, next: 'disaster_recovery' },
  { current: 'disaster_recovery', offered: ALL, next: undefined },
  { current: 'standard', offered: new Set(['standard', 'disaster_recovery']), next: 'disaster_recovery' },
  { current: 'standard', offered: new Set(['cyber_protect_dre']), next: undefined },
  { current: 'cyber_protect_std', offered: ALL, next: 'cyber_protect_adv' },
  { current: 'pck_per_workload', offered: ALL, next: undefined },
  { current: 'no such edition', offered: ALL, next: undefined },
]) {
  test(`the edition after ${current}, of ${offered.size} offered, is ${next}`, () =>
    assert.equal(nextHigherEdition(EDITIONS, current, offered), next))
}

for (const { from, to, warnings } of [
  { from: 'standard', to: 'standard', warnings: [] },
  {
    from: 'standard',
    to: 'advanced',
    warnings: ['NewFeaturesBecomeAvailable', 'AllDevicesWithBackupsPreserved', 'UsageStatisticsWillMigrate'],
  },
  {
    from: 'advanced',
    to: 'standard',
    warnings: [
      'OldFeaturesBecomeUnavailable',
      'SomePlansWillStopWorking',
      'AllDevicesWithBackupsPreserved',
      'UsageStatisticsWillMigrate',
    ],
  },
  {
    from: 'cyber_protect_adv',
    to: 'standard',
    warnings: [
      'OldFeaturesBecomeUnavailable',
      'NewFeaturesBecomeAvailable',
      'SomePlansWillStopWorking',
      'AllDevicesWithBackupsPreserved',
      'UsageStatisticsWillMigrate',
      'AdvCyberProtectBecomeUnavailable',
    ],
  },
]) {
  test(`a switch from ${from} to ${to} warns of ${warnings.length} things`, () =>
    assert.deepEqual(editionWarnings(EDITIONS, from, to), warnings))
}

const at = (kind: OfferingNode['kind'], edition: string | null = null, switches: Record<string, boolean> = {}) => ({
  kind,
  edition,
  switches: new Map(Object.entries(switches)),
})
const item = (name: string) => EDITION_ITEMS.find((each) => each.name === name) ?? assert.fail(name)

for (const { name, chain, of, on } of [
  { name: 'a partner has every edition', chain: [at('root'), at('partner')], of: 'adv_vms', on: true },
  { name: 'a customer has its edition', chain: [at('root'), at('customer', 'standard')], of: 'vms', on: true },
  {
    name: 'a customer lacks another edition',
    chain: [at('root'), at('customer', 'standard')],
    of: 'adv_vms',
    on: false,
  },
  {
    name: 'a customer has what was switched on for it',
    chain: [at('root'), at('customer', 'standard', { adv_vms: true })],
    of: 'adv_vms',
    on: true,
  },
  {
    name: 'nobody has what is off above',
    chain: [at('root'), at('partner', null, { vms: false }), at('customer', 'standard', { vms: true })],
    of: 'vms',
    on: false,
  },
  {
    name: 'a unit has what its customer has',
    chain: [at('root'), at('customer', 'advanced'), at('unit')],
    of: 'adv_storage',
    on: true,
  },
]) {
  test(name, () => assert.equal(isOn(item(of), chain), on))
}

test('the five usages are items of every edition, by names of their own', () => {
  assert.equal(new Set(EDITION_ITEMS.map(({ name }) => name)).size, EDITIONS.length * 5)
  assert.deepEqual(
    [...new Set(EDITION_ITEMS.map(({ usageName }) => usageName))],
    ['storage', 'workstations', 'servers', 'vms', 'mobiles'],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubscriptionId } from '../kernel/ids.ts'
import { type Intent, intentsFor } from './intents.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const running = {
  id: '00000000-0000-7000-8000-000000000001' as SubscriptionId,
  name: 'Backup',
  status: 'active' as const,
  stopReason: null,
  periodEndsAt: '2026-03-15T12:00:00.000Z',
  planPeriodId: '1840',
  quantities: { '9001': '5', '9002': '10' },
}
const same = new Map([
  ['9001', 5n],
  ['9002', 10n],
])
const more = new Map([...same, ['9001', 6n] as const])
const cases: readonly {
  name: string
  plan?: 'pay_in_full' | 'pay_as_you_go_internal'
  existing?: Partial<Parameters<typeof intentsFor>[1]>
  wanted?: ReadonlyMap<string, bigint>
  manualRenewDays?: number
  intents: Intent[]
}[] = [
  { name: 'another amount is a change', wanted: more, manualRenewDays: 0, intents: ['change'] },
  { name: 'the same again is the next period', intents: ['renew'] },
  { name: 'another amount near the end may be either', wanted: more, intents: ['change', 'renew'] },
  { name: 'the same again long before the end is nothing', manualRenewDays: 3, intents: [] },
  { name: 'one that may always be renewed', manualRenewDays: -1, intents: ['renew'] },
  {
    name: 'past its end it is renewed',
    existing: { status: 'graced' },
    wanted: more,
    manualRenewDays: -1,
    intents: ['renew'],
  },
  { name: 'stopped it is renewed', existing: { status: 'stopped', stopReason: 'expired' }, intents: ['renew'] },
  {
    name: 'what the provider stopped is not',
    existing: { status: 'stopped', stopReason: 'administrative' },
    intents: [],
  },
  { name: 'what is being changed waits', existing: { status: 'updating' }, wanted: more, intents: [] },
  {
    name: 'use is paid from the balance',
    plan: 'pay_as_you_go_internal',
    existing: { periodEndsAt: null },
    intents: ['top_up'],
  },
]
for (const { name, plan = 'pay_in_full', existing, wanted = same, manualRenewDays = 7, intents } of cases)
  test(`who orders what they have: ${name}`, () =>
    assert.deepEqual(
      intentsFor({ billingType: plan }, { ...running, ...existing }, wanted, { manualRenewDays }, NOW),
      intents,
    ))

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fixedClock } from '../../test/harness/clock.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { testRoot } from '../../test/harness/sellers.ts'
import { openShop } from '../../test/harness/shop.ts'
import { createAccount } from '../accounts/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import { systemActor, tenantOf } from '../tenants/index.ts'
import { applyConfiguration, exportConfiguration } from './apply-configuration.ts'
import { readYaml, writeYaml } from './yaml-text.ts'

const FILE = `
reseller: { name: Contoso Hosting, currency: EUR }
account_class: { hold_threshold: -10.00, cancel_unpaid_after_days: 3 }
brand: { service_name: Contoso Hosting, upsell_url: https://shop.contoso.example/upgrade }
stores:
  - name: Contoso Hosting
    domains: [https://shop.contoso.example, https://www.contoso.example]
    bank_details: |
      Contoso Hosting Ltd.
      IBAN DE00
    pages:
      - { slug: imprint, title: Imprint, body: "# Contoso" }
taxes:
  - { country: DE, name: USt, percent: 19 }
managers:
  - { key: Dora, name: Dora Dell, email: dora@contoso.example }
categories:
  - { name: Mail }
products:
  - name: Mail
    category: Mail
    plans:
      - name: Mail Basic
        status: active
        periods:
          - { duration: 1 month, recurring_fee: 5.00 }
          - { duration: 1 year, recurring_fee: 4.50 }
          - { duration: 14 days, trial: true }
        resources:
          - { name: Mailboxes, unit: mailbox, included: 1, limit: 50, recurring_fee: 2.50, quota: { usage_name: mailboxes, per_unit: 1 } }
      - name: Mail by the hour
        status: active
        billing_type: pay_as_you_go_internal
        minimum_topup: 10.00
        periods: [{ duration: endless }]
        resources:
          - { name: Storage, unit: GB, included: 100, limit: 100, unit_price: 0.00006 }
invoices: { name: Contoso Hosting Ltd., vat_id: DE123456789, invoice_series: "R{year}-", payment_days: 30 }
discounts:
  - { name: Opening, percent: 12.5, fees: [recurring], periods: 3, ends_at: "2030-01-01T00:00:00.000Z" }
  - name: Spring sale
    needs_code: true
    amount: 2.50
    periods: every
    codes: [{ code: SPRING, max_uses: 100, max_uses_per_account: 1 }, { code: OLD, active: false }]
quotas:
  - { usage_name: storage, value: 107374182400 }
  - { usage_name: mailboxes, value: 0 }
`

const empty = async () => {
  const { db } = await testDatabase()
  const clock = fixedClock()
  const { actor } = await testRoot(db, clock)
  const apply = (file: string, rest: { dryRun?: boolean; expected?: string } = {}) =>
    applyConfiguration(db, clock, actor, { file, dryRun: false, ...rest })
  return { db, clock, actor, apply }
}

const problemsOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof BuylinkError, String(error))
  return error.problems.map(({ message }) => message)
}

describe('a configuration file', () => {
  test('sets up a reseller; applied again it changes nothing', async () => {
    const { apply } = await empty()
    const plan = await apply(FILE, { dryRun: true })
    assert.ok(plan.isNew && plan.changes.length > 50)
    const first = await apply(FILE, { expected: plan.digest })
    assert.deepEqual(first.changes, plan.changes)
    const second = await apply(FILE)
    assert.deepEqual([second.isNew, second.changes], [false, []])
  })

  test('a dry run leaves nothing behind', async () => {
    const { apply, db } = await empty()
    await apply(FILE, { dryRun: true })
    const counts = await Promise.all(
      (['stores', 'plans', 'managers', 'price_lists'] as const).map((table) =>
        db
          .selectFrom(table as 'stores')
          .select('seller_id')
          .execute(),
      ),
    )
    assert.deepEqual(
      counts.map((rows) => rows.length),
      [0, 0, 0, 0],
    )
  })

  test('export, apply on an empty installation, export: the same bytes', async () => {
    const here = await empty()
    const { sellerId } = await here.apply(FILE)
    const file = await exportConfiguration(here.db, here.actor, sellerId)
    const there = await empty()
    const applied = await there.apply(file)
    assert.equal(await exportConfiguration(there.db, there.actor, applied.sellerId), file)
    assert.deepEqual((await here.apply(file)).changes, [])
  })

  test('a discount for one account that has a plan is exported with both, and applied where there is such an account', async () => {
    const here = await empty()
    const file = FILE.replace('- name: Mail Basic', '- id: 7001\n        name: Mail Basic')
    const { sellerId } = await here.apply(file)
    const account = await createAccount(here.db, here.clock, here.actor, {
      parentId: sellerId as unknown as TenantId,
      name: 'Contoso Dental',
      registration: 'full',
      details: { customerType: 'business', companyName: 'Contoso Dental', country: 'US' },
    })
    const ours = file.replace('percent: 12.5,', `percent: 12.5, owned_plan_ids: [7001], account_ids: [${account.id}],`)
    assert.equal((await here.apply(ours)).changes.length, 2)
    const exported = await exportConfiguration(here.db, here.actor, sellerId)
    assert.match(exported, /owned_plan_ids:\s+- 7001/)
    assert.match(exported, new RegExp(`account_ids:\\s+- "?${account.id}`))
    assert.deepEqual((await here.apply(exported)).changes, [])
    const there = await empty()
    assert.match((await problemsOf(there.apply(ours))).join(' '), /no account .* among your customers/)
  })

  test('so does the demonstration store', async () => {
    const shop = await openShop(await testDatabase())
    const file = await exportConfiguration(shop.db, shop.operator, tenantOf(shop.store.sellerId))
    const there = await empty()
    const applied = await there.apply(file)
    assert.equal(await exportConfiguration(there.db, there.actor, applied.sellerId), file)
  })

  test('says field by field what changes, and changes that alone', async () => {
    const { apply } = await empty()
    await apply(FILE)
    const cheaper = FILE.replace('recurring_fee: 5.00', 'recurring_fee: 4.90').replace('percent: 19', 'percent: 20')
    const { changes } = await apply(cheaper)
    assert.deepEqual(
      changes.map(({ path, from, to }) => `${path.replace(/\[\d{3,}\]/g, '[]')} ${from} ${to}`),
      ['taxes[USt].percent 19 20', 'products[].plans[].periods[].recurring_fee 5.00 4.90'],
    )
  })

  test('the plans of a product stand in the order of the file, and are exported in it', async () => {
    const { apply, db, actor } = await empty()
    const { sellerId } = await apply(FILE)
    const [head = '', first = '', second = '', tail = ''] = FILE.split(/(?=^ {6}- name: Mail )|(?=^invoices:)/m)
    const turned = head + second + first + tail
    const { changes } = await apply(turned)
    assert.deepEqual(
      changes.map(({ path }) => path.replace(/\[\d+\]/, '[]')),
      ['products[].plans.order'],
    )
    assert.deepEqual((await apply(turned)).changes, [])
    const file = await exportConfiguration(db, actor, sellerId)
    assert.ok(file.indexOf('Mail by the hour') < file.indexOf('Mail Basic'))
    // One plan alone in a file is put first; the other stays.
    const { changes: back } = await apply(head + first + tail)
    assert.equal(back.length, 1)
  })

  test('resources of a plan stand in the order of the file', async () => {
    const { apply, db, actor } = await empty()
    const [mailboxes = ''] = /^ {10}- { name: Mailboxes.*\n/m.exec(FILE) ?? []
    const archive = '          - { name: Archive, unit: GB, limit: 50, recurring_fee: 1.00 }\n'
    const { sellerId } = await apply(FILE.replace(mailboxes, mailboxes + archive))
    const turned = FILE.replace(mailboxes, archive + mailboxes)
    const { changes } = await apply(turned)
    assert.deepEqual(
      changes.map(({ path }) => path.replace(/\[\d+\]/g, '[]')),
      ['products[].plans[].resources.order'],
    )
    const file = await exportConfiguration(db, actor, sellerId)
    assert.ok(file.indexOf('name: Archive') < file.indexOf('name: Mailboxes'))
    assert.deepEqual((await apply(turned)).changes, [])
  })

  test('the terms of what runs are set by it, in days', async () => {
    const { apply } = await empty()
    await apply(FILE)
    const terms = 'cancel_unpaid_after_days: 3, auto_renew_days: 14, grace_days: 0, deletion_days: 90'
    const { changes } = await apply(FILE.replace('cancel_unpaid_after_days: 3', terms))
    assert.deepEqual(
      changes.map(({ path, from, to }) => `${path} ${from} ${to}`),
      ['account_class.auto_renew_days 7 14', 'account_class.grace_days 7 0', 'account_class.deletion_days 30 90'],
    )
    const late = FILE.replace('cancel_unpaid_after_days: 3', `${terms}, manual_renew_days: 13`)
    assert.match((await problemsOf(apply(late)))[0] ?? '', /14 days before the end/)
    await apply(late.replace('manual_renew_days: 13', 'manual_renew_days: -1'))
  })

  test('what it does not list is left alone', async () => {
    const { apply } = await empty()
    await apply(FILE)
    const { changes } = await apply(
      'reseller: { name: Contoso Hosting, currency: EUR }\nproducts: [{ name: Mail, category: Mail }]',
    )
    assert.deepEqual(changes, [])
  })

  test('all of it or nothing: each problem with its line', async () => {
    const { apply, db } = await empty()
    const broken = FILE.replace('limit: 50', 'limit: 0').replace('duration: 14 days, trial: true', 'trial: true')
    assert.deepEqual(await problemsOf(apply(broken)), [
      'Line 28: A trial ends: say after how long.',
      'Line 30: Mailboxes: the limit (0) is below the minimum (1).',
    ])
    assert.deepEqual(await db.selectFrom('stores').select('id').execute(), [])
  })

  for (const [name, change, message] of [
    ['a field that nobody knows', ['bank_details:', 'bank_detials:'], /^Line 8: There is no such field/],
    [
      'an amount with too many digits',
      ['recurring_fee: 5.00', 'recurring_fee: 5.001'],
      /^Line 26: 5.001 is no amount in EUR/,
    ],
    ['a length that is none', ['1 year', 'a year'], /^Line 27: Use a length/],
    [
      'an order that would be cancelled as it is placed',
      ['cancel_unpaid_after_days: 3', 'cancel_unpaid_after_days: 0'],
      /^Line \d+: Use one day or more/,
    ],
    [
      'a sub-zero period that is none',
      ['cancel_unpaid_after_days: 3', 'subzero_period_days: -2'],
      /^Line \d+: Use -1 \(for ever\)/,
    ],
    ['YAML that cannot be read', ['taxes:', 'taxes: ['], /^Line 1\d: /],
    ['a key of other characters', ['key: Dora', 'key: "Do ra"'], /^Line 16: A key has/],
    ['a category that is not there', ['category: Mail', 'category: Post'], /^Line 21: There is no category/],
  ] as const)
    test(`refuses ${name}, with its line`, async () => {
      const { apply } = await empty()
      const [first] = await problemsOf(apply(FILE.replace(change[0], change[1])))
      assert.match(first ?? '', message)
    })

  test('a plan that is old is not applied', async () => {
    const { apply } = await empty()
    const { digest } = await apply(FILE, { dryRun: true })
    await apply(FILE.replace('5.00', '6.00'))
    await assert.rejects(apply(FILE, { expected: digest }), { code: 'conflict' })
  })

  test('ids that another reseller has are not taken from it', async () => {
    const { apply } = await empty()
    await apply(FILE.replace('- name: Mail\n', '- id: 7\n    name: Mail\n'))
    const other = FILE.replaceAll('Contoso Hosting', 'Other').replaceAll('contoso', 'other').replace('Dora,', 'Dana,')
    await assert.rejects(apply(other.replace('- name: Mail\n', '- id: 7\n    name: Mail\n')), { code: 'unprocessable' })
    assert.equal((await apply(other)).isNew, true)
  })

  test('a reseller applies its own file and no other’s', async () => {
    const { apply, db, clock } = await empty()
    const { sellerId } = await apply(FILE)
    await apply(FILE.replaceAll('Contoso Hosting', 'Other').replaceAll('contoso', 'other').replace('Dora,', 'Dana,'))
    const tenant = await db
      .selectFrom('tenants')
      .where('id', '=', sellerId)
      .select(['seller_id', 'path'])
      .executeTakeFirstOrThrow()
    const own = systemActor(tenant.seller_id, sellerId, tenant.path, 'test')
    const change = (name: string) =>
      applyConfiguration(db, clock, own, {
        file: `reseller: { name: ${name}, currency: EUR }\nbrand: { service_name: New }`,
        dryRun: false,
      })
    assert.equal((await change('Contoso Hosting')).changes.length, 1)
    // To its own people the other one is not there: they would make a reseller below themselves.
    assert.equal((await change('Other')).isNew, true)
    const other = await db
      .selectFrom('tenants')
      .where('name', '=', 'Other')
      .where('parent_id', '!=', sellerId)
      .select('id')
      .executeTakeFirstOrThrow()
    await assert.rejects(exportConfiguration(db, own, other.id), { code: 'not_found' })
  })
})

test('numbers stay as they were written', () => {
  const text = 'a: 49.00\nb: 0.00006\nc: 0100\nd: "yes"\ne: true\nf: 1e3\n'
  const value = readYaml(text).value
  assert.deepEqual(value, { a: '49.00', b: '0.00006', c: '0100', d: 'yes', e: true, f: '1e3' })
  assert.deepEqual(readYaml(writeYaml(value)).value, value)
})

test('an alias is refused: it could unfold to more than memory holds', () => {
  assert.throws(() => readYaml('a: &x [1]\nb: *x\n'), { code: 'unprocessable' })
})

test('a large file is read in the time of its length, and names that stand twice are told', () => {
  const keys = Array.from({ length: 60_000 }, (_, index) => `key${index}: 1`).join('\n')
  const began = performance.now()
  readYaml(keys)
  assert.ok(performance.now() - began < 15_000)
  assert.throws(
    () => readYaml('reseller: { name: A }\nstores: []\nreseller: { name: B }\n'),
    ({ message }: Error) => message === 'Line 3: reseller is there twice',
  )
})

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { changesOf } from '../../test/harness/changes.ts'
import { moveBalance } from '../../test/harness/move-balance.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { assertDocuments } from '../../test/harness/documents.ts'
import { LINK, openShop, type Shop } from '../../test/harness/shop.ts'
import { replaceTaxRates } from '../catalog/index.ts'
import { rateDue } from '../charges/index.ts'
import { newId, type SellerId, type SubscriptionId, type TenantId } from '../kernel/ids.ts'
import { HOUR_MS } from '../kernel/time.ts'
import { completeOrder, type PlacedOrder } from '../orders/index.ts'
import { undoChange } from '../orders/undo-change.ts'
import { openDatabase, transaction } from '../platform/db.ts'
import { createUsageIntake, type UsageIntake } from '../quotas/index.ts'
import { changeSettings } from './save-settings.ts'
import { issueInvoice } from './issue-invoice.ts'
import { findInvoiceView, listInvoices } from './invoice-view.ts'
import { settleInvoices } from './settle-invoices.ts'
import { undocumentedOf, undocumentedSince } from './source-view.ts'
import { issueMissing } from './subscribers.ts'

const database = await testDatabase()
let shop: Shop
let changes: ReturnType<typeof changesOf>
let intake: UsageIntake
before(async () => {
  shop = await openShop(database)
  changes = changesOf(shop)
  intake = createUsageIntake(shop.db, shop.clock)
  await issueMissing(shop.db, shop.clock)
})

const sellerId = () => shop.store.sellerId
const issueAll = () => issueMissing(shop.db, shop.clock)

async function documentsOf(accountId: TenantId) {
  const { items } = await listInvoices(shop.db, shop.operator, { accountId, limit: 50 }, shop.clock.now())
  return Promise.all(
    items.reverse().map(async ({ id }) => {
      const view = await findInvoiceView(shop.db, shop.operator, id, shop.clock.now())
      assert.ok(view)
      return view
    }),
  )
}

async function postingOf(order: PlacedOrder) {
  const [posting] = (await undocumentedSince(shop.db, shop.clock, new Date(0), 1000)).filter(
    ({ orderId }) => orderId === order.id,
  )
  assert.ok(posting)
  return posting
}

test('an order that is paid has one invoice, paid, with its lines and both parties as they are', async () => {
  const { account, salesOrder } = await changes.running('Παπαδόπουλος & Υιοί')
  await issueAll()
  const [invoice, ...more] = await documentsOf(account.id)
  assert.ok(invoice)
  assert.deepEqual(more, [])
  assert.match(invoice.number, /^IN\d{6}$/)
  assert.deepEqual(
    [invoice.kind, invoice.source, invoice.status, invoice.order?.number, invoice.title],
    ['invoice', 'order', 'paid', salesOrder.number, 'Backup Business'],
  )
  assert.deepEqual(
    [invoice.net, invoice.total, invoice.paid].map(({ amountMinor }) => amountMinor),
    [4900n, 4900n, 4900n],
  )
  assert.deepEqual(
    invoice.lines.map(({ kind, description, quantity, months, unitPrice }) => [
      kind,
      description,
      quantity,
      months,
      unitPrice,
    ]),
    [['period_recurring', 'Backup Business', '1', '1', '49.00']],
  )
  assert.deepEqual([invoice.seller.name, invoice.buyer.companyName], ['Northwind Cloud', 'Παπαδόπουλος & Υιοί'])
  await assertDocuments(shop.pool)
})

test('a document stays as it was issued, whatever the parties are called later', async () => {
  const { account } = await changes.running('Before')
  await issueAll()
  await shop.pool.query(`update accounts set company_name = 'After' where tenant_id = $1`, [account.id])
  assert.equal((await documentsOf(account.id))[0]?.buyer.companyName, 'Before')
})

test('the same income issued by many at once has one invoice, over connections of their own', async () => {
  const { account, salesOrder } = await changes.running('Many at once')
  const posting = await postingOf(salesOrder)
  const others = Array.from({ length: 4 }, () => openDatabase({ connectionString: database.connectionString }))
  const issued = await Promise.all(
    Array.from({ length: 12 }, (_, n) => issueInvoice(others[n % 4]!.db, shop.clock, posting)),
  )
  await Promise.all(others.map(({ pool }) => pool.end()))
  assert.equal(issued.filter(Boolean).length, 1)
  assert.equal((await documentsOf(account.id)).length, 1)
})

test('issued at once over several connections, some of it rolled back, numbers have no gap', async () => {
  const orders = []
  for (let n = 0; n < 12; n++) orders.push((await changes.running(`Parallel ${n}`)).salesOrder)
  const postings = await Promise.all(orders.map(postingOf))
  const others = Array.from({ length: 4 }, () => openDatabase({ connectionString: database.connectionString }))
  const isRolledBack = (n: number) => n % 3 === 1
  await Promise.all(
    postings.map(async (posting, n) => {
      const { db } = others[n % 4]!
      if (!isRolledBack(n)) return issueInvoice(db, shop.clock, posting)
      const lost = transaction(db, async (tx) => {
        await issueInvoice(tx, shop.clock, posting)
        throw new Error('and then it failed')
      })
      return assert.rejects(lost, /and then it failed/)
    }),
  )
  await Promise.all(others.map(({ pool }) => pool.end()))
  await assertDocuments(shop.pool)
  await issueAll()
  const { rows } = await shop.pool.query<{ count: number; most: number }>(
    `select count(*)::integer as count, max(sequence)::integer as most from invoices where seller_id = $1 and series = 'IN'`,
    [sellerId()],
  )
  assert.deepEqual(rows[0]?.count, rows[0]?.most)
  assert.ok((rows[0]?.count ?? 0) >= 12)
})

test('a change has an invoice of its own, and taken back a credit note that names it', async () => {
  const { account, subscriptionId } = await changes.running('Takes back')
  const order = await changes.place(account, await changes.draft(account, subscriptionId, { '9002': 12n }))
  await changes.pay(order)
  await changes.serve(order.id)
  await issueAll()
  const undone = await undoChange(shop.db, shop.clock, shop.operator, sellerId(), order.id)
  await changes.serve(undone)
  await issueAll()
  await issueAll()
  const [, invoice, credit, ...more] = await documentsOf(account.id)
  assert.deepEqual(more, [])
  assert.ok(invoice && credit)
  assert.deepEqual([credit.kind, credit.source, credit.corrects?.number], ['credit_note', 'return', invoice.number])
  assert.match(credit.number, /^CN\d{6}$/)
  assert.deepEqual([credit.total, credit.lines], [invoice.total, invoice.lines])
  assert.deepEqual(invoice.corrections, [{ id: credit.id, number: credit.number }])
  await assertDocuments(shop.pool)
})

test('a business with a VAT id accounts for the tax itself, and its invoice says so', async () => {
  const rate = { country: 'DE', customerType: '*', name: 'MwSt', basisPoints: 1900, reverseCharge: true } as const
  await replaceTaxRates(shop.db, shop.clock, shop.operator, sellerId(), [rate])
  await shop.catalog.refresh(sellerId())
  const german = async (name: string, vatId: string, totalMinor: bigint) => {
    const account = await shop.customer(name)
    await shop.pool.query(`update accounts set country = 'DE', vat_id = $2 where tenant_id = $1`, [account.id, vatId])
    await changes.order(account, LINK.monthly, totalMinor)
    await issueAll()
    return (await documentsOf(account.id))[0]
  }
  const reversed = await german('Umkehr', 'DE 123 456 789', 4900n)
  assert.deepEqual([reversed?.tax.amountMinor, reversed?.taxName], [0n, 'Reverse charge'])
  assert.match(reversed?.taxNote ?? '', /Article 196 of Council Directive 2006\/112\/EC/)
  assert.equal(reversed?.buyer.vatId, 'DE 123 456 789')
  const taxed = await german('Ohne Nummer', '', 5831n)
  assert.deepEqual([taxed?.tax.amountMinor, taxed?.taxName, taxed?.taxNote], [931n, 'MwSt', ''])
  assert.deepEqual(
    taxed?.taxes.map(({ ratePercent, tax }) => [ratePercent, tax.amountMinor]),
    [['19', 931n]],
  )
  await assertDocuments(shop.pool)
})

test('an order of nothing has no invoice, nor has a top-up', async () => {
  const { account } = await changes.running('Trial', LINK.trial, 0n)
  const other = await changes.running('Tops up', LINK.topup, 0n)
  await issueAll()
  assert.deepEqual(await documentsOf(account.id), [])
  assert.deepEqual(await documentsOf(other.account.id), [])
})

/** Pay as you go with 1,000.00 topped up, ten servers used until April has begun. */
async function monthOfUsage(name: string): Promise<{ account: { id: TenantId }; subscriptionId: SubscriptionId }> {
  shop.clock.set('2026-03-31T20:00:00Z')
  const { account, subscriptionId } = await changes.running(name, LINK.topup, 0n)
  await intake.report(shop.operator, [
    {
      source: 'test',
      eventId: name,
      tenantId: account.id,
      usageName: 'servers',
      at: shop.clock.now(),
      change: { value: 10n },
    },
  ])
  shop.clock.advance(6 * HOUR_MS)
  await rateDue(shop.db, shop.clock, shop.catalog)
  return { account, subscriptionId }
}

test('a month of usage is invoiced once it is charged, with its hours and prices', async () => {
  const { account } = await monthOfUsage('Uses')
  await issueAll()
  const [invoice, ...more] = await documentsOf(account.id)
  assert.deepEqual(more, [])
  assert.ok(invoice)
  assert.deepEqual(
    [invoice.source, invoice.status, invoice.period, invoice.total.amountMinor],
    ['usage', 'paid', { starts: '2026-03-01', ends: '2026-04-01' }, 60n],
  )
  assert.deepEqual(
    invoice.lines.map(({ kind, description, quantity, unitPrice }) => [kind, description, quantity, unitPrice]),
    [['usage', 'Servers', '40', '0.015']],
  )
  await assertDocuments(shop.pool)
})

test('what the balance is short of is owed until it comes, in parts, and then due no more', async () => {
  const { account } = await monthOfUsage('Owes')
  await moveBalance(shop, account, -99_980n)
  await issueAll()
  const state = async () => {
    const [invoice] = await documentsOf(account.id)
    return [invoice?.status, invoice?.paid.amountMinor, invoice?.paidAt]
  }
  // Of 1,000.00, 0.60 are charged and 0.30 of the new month held: the balance is short of 0.70, 0.40 of it invoiced.
  assert.deepEqual(await state(), ['open', 20n, null])
  const payer = { sellerId: sellerId(), accountId: account.id, currency: 'USD' }
  await moveBalance(shop, account, 10n)
  await Promise.all([1, 2, 3].map(() => settleInvoices(shop.db, shop.clock, payer)))
  assert.deepEqual(await state(), ['open', 30n, null])
  shop.clock.advance(20 * 24 * HOUR_MS)
  assert.equal((await state())[0], 'overdue')
  await moveBalance(shop, account, 1000n)
  await settleInvoices(shop.db, shop.clock, payer)
  await settleInvoices(shop.db, shop.clock, payer)
  assert.deepEqual(await state(), ['paid', 60n, shop.clock.now()])
  const { rows } = await shop.pool.query(`select from events where type = 'invoice.paid' and tenant_id = $1`, [
    account.id,
  ])
  assert.equal(rows.length, 1)
})

test('another series starts at 1 and leaves the old one without gaps', async () => {
  const settings = {
    name: 'Northwind Cloud GmbH',
    address: 'Hauptstraße 1\n10115 Berlin',
    country: 'DE',
    vatId: 'DE123456789',
    registration: '',
    email: '',
    footer: '',
    invoiceSeries: 'R{year}-',
    creditNoteSeries: 'G{year}-',
    paymentDays: 30,
  }
  const change = (next: typeof settings, version?: bigint) =>
    changeSettings(shop.db, shop.clock, shop.operator, sellerId(), next, version)
  await assert.rejects(change(settings, 99n), { code: 'version_mismatch' })
  await assert.rejects(change({ ...settings, creditNoteSeries: 'R{year}-' }), { code: 'invalid_request' })
  await change(settings)
  const { account } = await changes.running('New series')
  await issueAll()
  const [invoice] = await documentsOf(account.id)
  assert.equal(invoice?.number, 'R2026-000001')
  assert.equal(invoice?.seller.name, 'Northwind Cloud GmbH')
  await assertDocuments(shop.pool)
})

test('another customer sees nothing of it, and another reseller has nothing to issue', async () => {
  const { account, salesOrder } = await changes.running('Mine')
  await issueAll()
  const [invoice] = await documentsOf(account.id)
  assert.ok(invoice)
  const stranger = await shop.customer('Stranger')
  assert.deepEqual((await listInvoices(shop.db, stranger.actor, { limit: 50 }, shop.clock.now())).items, [])
  assert.equal(await findInvoiceView(shop.db, stranger.actor, invoice.id, shop.clock.now()), undefined)
  assert.ok(await findInvoiceView(shop.db, account.actor, invoice.id, shop.clock.now()))
  const { rows } = await shop.pool.query('select correlation_id as id from orders where id = $1', [salesOrder.id])
  assert.deepEqual(await undocumentedOf(shop.db, newId<SellerId>(), rows[0].id), [])
})

test('an order that its service refused and staff cancelled has both documents', async () => {
  const { account, subscriptionId } = await changes.running('Both')
  const order = await changes.place(account, await changes.draft(account, subscriptionId, { '9002': 11n }))
  await changes.pay(order)
  await issueAll()
  const documents = await documentsOf(account.id)
  assert.equal(documents.length, 2)
  await changes.serve(order.id)
  await completeOrder(shop.db, shop.clock, sellerId(), order.id)
  await issueAll()
  assert.equal((await documentsOf(account.id)).length, 2)
})

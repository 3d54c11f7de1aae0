import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPdf } from '../../test/harness/read-pdf.ts'
import { drawPaper } from '../platform/paper/draw-paper.ts'
import type { InvoiceView } from './invoice-shape.ts'
import { buyerLines, grouped, paperOf } from './paper.ts'

const eur = (amountMinor: bigint) => ({ amountMinor, currency: 'EUR' })
const line = (description: string): InvoiceView['lines'][number] => ({
  kind: 'period_recurring',
  description,
  quantity: '1200',
  months: '12',
  unitPrice: '45.00',
  taxRatePercent: '19',
  net: eur(123_456n),
  tax: eur(23_457n),
})

function invoiceOf(lines: number, change: Partial<InvoiceView> = {}): InvoiceView {
  const count = BigInt(lines)
  return {
    id: '019a0000-0000-7000-8000-000000000001',
    kind: 'invoice',
    number: 'IN000042',
    source: 'order',
    status: 'paid',
    account: { id: '019a0000-0000-7000-8000-000000000002', number: 1007n, name: 'Ромашка' },
    title: 'Backup Business',
    order: { id: '019a0000-0000-7000-8000-000000000003', number: 'SO000042' },
    subscriptionId: null,
    corrects: null,
    period: null,
    net: eur(123_456n * count),
    tax: eur(23_457n * count),
    total: eur(146_913n * count),
    paid: eur(146_913n * count),
    issuedAt: new Date('2026-03-01T12:00:00Z'),
    dueAt: new Date('2026-03-15T12:00:00Z'),
    paidAt: new Date('2026-03-01T12:00:00Z'),
    lines: Array.from({ length: lines }, (_, index) => line(index === 0 ? 'Αποθηκευτικός χώρος' : `Line ${index}`)),
    taxes: [{ ratePercent: '19', net: eur(123_456n * count), tax: eur(23_457n * count) }],
    taxName: 'MwSt',
    taxNote: '',
    seller: {
      name: 'Northwind Cloud GmbH',
      address: 'Hauptstraße 1\n10115 Berlin',
      country: 'DE',
      vatId: 'DE123456789',
      registration: 'HRB 12345',
      email: '',
      footer: 'Sparkasse Görlitz',
      bankDetails: 'IBAN DE02 1203 0000 0000 2020 51',
    },
    buyer: {
      number: '1007',
      name: 'Ольга Ёлкина',
      companyName: 'ООО «Ромашка»',
      customerType: 'business',
      vatId: 'EL123456789',
      country: 'GR',
      region: '',
      city: 'Θεσσαλονίκη',
      street: 'Οδός Ερμού 5',
      zip: '546 24',
    },
    paymentId: null,
    corrections: [],
    ...change,
  }
}

const print = (invoice: InvoiceView) =>
  drawPaper(paperOf(invoice, { name: 'Northwind Cloud', colour: '#0d7a5f', logo: undefined }))

test('Cyrillic, Greek and German names are text that can be searched and copied', async () => {
  const { title, pages } = await readPdf(await print(invoiceOf(1)))
  assert.equal(title, 'Invoice IN000042')
  assert.equal(pages.length, 1)
  for (const text of [
    'ООО «Ромашка»',
    'Ольга Ёлкина',
    'Οδός Ερμού 5',
    '546 24 Θεσσαλονίκη',
    'Αποθηκευτικός χώρος',
    'Hauptstraße 1',
    'VAT ID EL123456789',
    'Greece',
    'MwSt 19 % on 1,234.56',
    '1,469.13 EUR',
    'paid on 1 March 2026',
    'Sparkasse Görlitz',
    'Page 1 of 1',
  ])
    assert.ok(pages[0]?.includes(text), `${text} in ${pages[0]}`)
  assert.ok(!pages[0]?.includes('IBAN'), 'nothing is left to pay')
})

test('many lines go on over pages, each with its heads and its number; none is lost', async () => {
  const { pages } = await readPdf(await print(invoiceOf(60)))
  assert.ok(pages.length > 1)
  const all = pages.join('\n')
  for (let index = 1; index < 60; index++) assert.match(all, new RegExp(`Line ${index}\\b`))
  for (const [index, page] of pages.entries()) {
    assert.match(page, new RegExp(`Page ${index + 1} of ${pages.length}`))
    assert.match(page, /Unit price/)
  }
  assert.match(pages.at(-1) ?? '', /Total\s+88,147\.80 EUR/)
})

test('the totals never stand on a page alone, wherever the page ends', async () => {
  for (let count = 12; count <= 18; count++) {
    const { pages } = await readPdf(await print(invoiceOf(count)))
    const withTotal = pages.find((page) => /Total\s/.test(page))
    assert.match(withTotal ?? '', new RegExp(`Line ${count - 1}\\b`), `${count} lines`)
  }
})

test('a long figure is written smaller, in one piece', async () => {
  const long = { ...line('Much'), quantity: '123456789.123', unitPrice: '0.000000006', net: eur(999_999_999_999n) }
  const { pages } = await readPdf(await print(invoiceOf(1, { lines: [long], total: eur(99_999_999_999_999n) })))
  for (const figure of ['123,456,789.123', '0.000000006', '9,999,999,999.99', '999,999,999,999.99 EUR'])
    assert.ok(pages[0]?.includes(figure), `${figure} in ${pages[0]}`)
})

test('what is owed says until when, how much is left, and where to', async () => {
  const owed = invoiceOf(1, { status: 'open', paidAt: null, paid: eur(100n), taxNote: 'Reverse charge' })
  const [page = ''] = (await readPdf(await print(owed))).pages
  for (const text of [
    '15 March 2026',
    'Paid so far',
    '1,468.13 EUR',
    'IBAN DE02',
    'Reverse charge',
    'reference IN000042',
  ])
    assert.ok(page.includes(text), `${text} in ${page}`)
})

test('the same document gives the same bytes', async () => {
  assert.deepEqual(await print(invoiceOf(3)), await print(invoiceOf(3)))
})

test('a person has no company, an account without address has its name alone', () => {
  const { buyer } = invoiceOf(1)
  const nobody = { ...buyer, companyName: '', vatId: '', country: null, city: '', street: '', zip: '' }
  assert.deepEqual(buyerLines(nobody), ['Ольга Ёлкина'])
  assert.deepEqual(buyerLines({ ...buyer, companyName: buyer.name })[1], 'Οδός Ερμού 5')
})

for (const [text, expected] of [
  ['1234567.00006', '1,234,567.00006'],
  ['999', '999'],
  ['-1000.5', '-1,000.5'],
  ['0', '0'],
] as const)
  test(`${text} is written ${expected}`, () => assert.equal(grouped(text), expected))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { readPdf } from '../harness/read-pdf.ts'
import { checkPage, openShopPages } from '../harness/shop-pages.ts'

const shop = openShopPages()

test('a customer finds an invoice, reads it and opens its PDF', async () => {
  const page = await shop.signedIn('client', SIGN_INS.customer)
  await page.getByRole('link', { name: 'Invoices', exact: true }).click()
  const invoice = page.getByRole('link', { name: /^Invoice IN\d{6}$/ })
  await invoice.first().waitFor()
  await checkPage(page, 'client-invoices')
  await invoice.first().click()
  await page.getByRole('heading', { name: /^Invoice IN\d{6}$/ }).waitFor()
  await page.getByText('Contoso Dental').first().waitFor()
  await checkPage(page, 'client-invoice')
  const link = await page.getByRole('link', { name: 'Open PDF' }).getAttribute('href')
  const pdf = await page.request.get(`${shop.server.origin}${link}`)
  assert.equal(pdf.headers()['content-type'], 'application/pdf')
  assert.match((await readPdf(await pdf.body())).pages.join(), /Contoso Dental/)
})

test('a reseller searches all invoices and says what the next ones state', async () => {
  const page = await shop.signedIn('portal', SIGN_INS.reseller)
  await page.getByRole('link', { name: 'Invoices', exact: true }).click()
  await page.getByRole('cell', { name: 'Contoso Dental' }).first().waitFor()
  await checkPage(page, 'portal-invoices')
  await page.getByRole('searchbox').fill('nobody of this name')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByText('Nothing found').waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'What invoices say' }).click()
  await page.getByLabel('Address', { exact: true }).fill('1 Main Street\nSpringfield')
  await page.getByLabel('Country').fill('USA')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Please check this').waitFor()
  await checkPage(page, 'portal-invoice-settings-refused')
  await page.getByLabel('Country').fill('us')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('Country').inputValue(), 'US')
  await checkPage(page, 'portal-invoice-settings')
})

test('an account statement is printed over pages, its head and a number on each of them', async () => {
  const page = await shop.signedIn('client', SIGN_INS.customer)
  await page.goto(`${shop.server.origin}/client/statement`)
  await page.getByRole('table').waitFor()
  // As after years.
  await page.evaluate(() => {
    const body = document.querySelector('tbody')
    const [row] = body?.rows ?? []
    for (let count = 0; row && count < 80; count++) body?.append(row.cloneNode(true))
  })
  const { pages } = await readPdf(await page.pdf({ format: 'A4' }))
  assert.ok(pages.length > 2)
  for (const [index, text] of pages.entries()) {
    assert.match(text, /Document/, `the head on page ${index + 1}`)
    assert.match(text, new RegExp(`${index + 1} / ${pages.length}`))
    // The first one too: the table does not wait for a page of its own.
    assert.match(text, /USD[^]*USD/)
  }
})

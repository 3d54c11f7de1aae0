import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGN_INS } from '../../src/demonstration/index.ts'
import { checkPage, openShopPages } from '../harness/shop-pages.ts'

const shop = openShopPages()

test('a customer reads how much is left, how it came to that and when it will run out', async () => {
  const page = await shop.signedIn('client', SIGN_INS.customer)
  await page.getByRole('link', { name: 'Usage', exact: true }).click()
  const storage = page.getByRole('region', { name: 'Storage' })
  await storage.getByText(/runs out on|does not run out|It has run out/).waitFor()
  await storage.getByText('almost full').waitFor()
  const chart = storage.getByRole('img', { name: 'Storage, last 60 days' })
  await chart.waitFor()
  // By keyboard: the table behind the chart.
  await storage.getByText('Figures of Storage').focus()
  await page.keyboard.press('Enter')
  const days = (await storage.getByRole('row').count()) - 1
  assert.ok(days >= 50)
  const file = await storage.getByRole('link', { name: 'Download CSV' }).getAttribute('href')
  const csv = await (await page.request.get(`${shop.server.origin}${file}`)).text()
  assert.equal(csv.trim().split('\r\n').length - 1, days)
  await storage.getByText('Figures of Storage').focus()
  await page.keyboard.press('Enter')
  assert.match(
    (await storage.getByRole('link', { name: 'Buy now' }).getAttribute('href')) ?? '',
    /origin=Alert_on_Storage/,
  )
  await checkPage(page, 'client-usage')
})

test('the next higher edition stands on the pages of usage and of a subscription, with the Buy URL and nothing added', async () => {
  const page = await shop.signedIn('client', SIGN_INS.customer)
  const edition = page.getByRole('region', { name: 'Next higher edition: Advanced' })
  const buyNow = () => edition.getByRole('link', { name: 'Buy now' }).getAttribute('href')
  await page.goto(`${shop.server.origin}/client/usage`)
  assert.equal(await buyNow(), `${shop.server.origin}/upgrade`)
  await page.goto(`${shop.server.origin}/client/subscriptions`)
  await page
    .getByRole('link', { name: /Backup/ })
    .first()
    .click()
  assert.equal(await buyNow(), `${shop.server.origin}/upgrade`)
  await checkPage(page, 'client-subscription-edition')
  const other = await shop.signedIn('client', SIGN_INS.buyer)
  await other.goto(`${shop.server.origin}/client/usage`)
  const told = other.getByRole('region', { name: 'Next higher edition: Advanced' })
  await told.getByText('Contact your sales representative: Northwind Cloud Ltd.').waitFor()
  assert.equal(await told.getByRole('link', { name: 'Buy now' }).count(), 0)
})

test('staff see what ran out below them and end it by a quota set by hand', async () => {
  const page = await shop.signedIn('portal', SIGN_INS.reseller)
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await page.getByRole('cell', { name: 'almost full' }).first().waitFor()
  await checkPage(page, 'portal-alerts')
  await page.getByLabel('What').selectOption('storage')
  await page.waitForURL(/usage_name=storage/)
  await page.getByRole('cell', { name: 'Workstations' }).waitFor({ state: 'detached' })
  await page.reload()
  assert.equal(await page.getByLabel('What').inputValue(), 'storage')
  await page.getByRole('link', { name: 'Contoso Dental' }).first().click()

  await page.getByRole('heading', { level: 1, name: 'Usage and quotas' }).waitFor()
  const storage = page.getByRole('region', { name: 'Storage' })
  await storage.getByText('Change the quota').focus()
  await page.keyboard.press('Enter')
  await checkPage(page, 'portal-quotas')
  await storage.getByLabel('Set by hand, GB').fill('much')
  await storage.getByRole('button', { name: 'Save quota of Storage' }).click()
  await storage.getByText('Enter a number such as 50').first().waitFor()
  await storage.getByLabel('Set by hand, GB').fill('5000')
  await storage.getByRole('button', { name: 'Save quota of Storage' }).click()
  await storage.getByText('enough left').waitFor()
  await page.getByRole('link', { name: 'Alerts', exact: true }).click()
  await page.getByRole('cell', { name: 'Workstations' }).waitFor()
  assert.equal(await page.getByRole('cell', { name: 'Storage', exact: true }).count(), 0)
})

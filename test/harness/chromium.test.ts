import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { launchBrowser } from './chromium.ts'

test('a browser opens a page of a host that only this test knows, types and clicks', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<title>${request.headers.host}</title><form><label>Name <input name="name"></label><button>Go</button></form>`,
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const browser = await launchBrowser({ hosts: { 'shop.example.com': '127.0.0.1' } })
  try {
    const page = await browser.newPage()
    await page.goto(`http://shop.example.com:${port}/`)
    assert.equal(await page.title(), `shop.example.com:${port}`)
    await page.getByLabel('Name').fill('Ada')
    await page.getByRole('button', { name: 'Go' }).click()
    await page.waitForURL(/\?name=Ada$/)
    assert.ok((await page.screenshot()).length > 1000)
  } finally {
    await browser.close()
    server.close()
  }
})

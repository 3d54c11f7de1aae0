import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

test('whoever buys from a console is led back there, if the reseller embeds alerts in it, and never elsewhere', async () => {
  const database = await testDatabase()
  const app = await openApplication(database)
  const [reseller, customer] = [app.caller(), app.caller()]
  await reseller.signIn(SIGN_INS.reseller)
  await customer.signIn(SIGN_INS.customer)
  const { seller_id: sellerId } = await database.db
    .selectFrom('tenants')
    .where('name', '=', 'Contoso Dental')
    .select('seller_id')
    .executeTakeFirstOrThrow()
  const led = async (redirectUrl: string): Promise<unknown> => {
    const { status, body, text } = await customer.send('POST', '/api/v1/offers', {
      place: 'Alert_on_Storage',
      redirect_url: redirectUrl,
    })
    assert.equal(status, 201, text)
    return body['return_url']
  }
  assert.equal(await led('https://console.example:8443/alerts?tab=1'), null)
  const saved = await reseller.send('PUT', `/api/v1/console-origins/${sellerId}`, {
    origins: ['https://console.example:8443'],
  })
  assert.equal(saved.status, 200, saved.text)
  assert.equal(await led('https://console.example:8443/alerts?tab=1'), 'https://console.example:8443/alerts?tab=1')
  for (const elsewhere of ['https://console.example/alerts', 'https://console.example:8443@evil.example/'])
    assert.equal(await led(elsewhere), null, elsewhere)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { newWebhookSecret, webhookHeaders } from './sign.ts'

const message = (body: string, secrets: readonly string[]) => ({ id: 'msg_1', at: new Date(), body, secrets })

test('the reference library verifies what we sign, whatever the body', () => {
  const secret = newWebhookSecret()
  fc.assert(
    fc.property(fc.json(), (body) => {
      assert.deepEqual(new Webhook(secret).verify(body, webhookHeaders(message(body, [secret]))), JSON.parse(body))
    }),
  )
})

test('signs exactly as the reference library does', () => {
  const secret = newWebhookSecret()
  const at = new Date('2026-03-01T12:00:00.900Z')
  const headers = webhookHeaders({ id: 'msg_2', at, body: '{"grüße":1}', secrets: [secret] })
  assert.equal(headers['webhook-timestamp'], '1772366400')
  assert.equal(headers['webhook-signature'], new Webhook(secret).sign('msg_2', at, '{"grüße":1}'))
})

test('with two secrets either one verifies, and a third does not', () => {
  const [current, previous, other] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()]
  const headers = webhookHeaders(message('{}', [current, previous]))
  new Webhook(current).verify('{}', headers)
  new Webhook(previous).verify('{}', headers)
  assert.throws(() => new Webhook(other).verify('{}', headers), /No matching signature/)
})

test('an altered body does not verify', () => {
  const secret = newWebhookSecret()
  assert.throws(() => new Webhook(secret).verify('{"a":2}', webhookHeaders(message('{"a":1}', [secret]))))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disposableDomain } from './disposable.ts'

for (const [email, domain] of [
  ['a@mailinator.com', 'mailinator.com'],
  ['a@MAILINATOR.com', 'mailinator.com'],
  ['a@sub.mailinator.com', 'mailinator.com'],
  ['dana@contoso.example', undefined],
  ['a@gmail.com', undefined],
  ['a@notmailinator.com.example', undefined],
  ['nonsense', undefined],
] as const)
  test(`${email} is ${domain === undefined ? 'no ' : 'a '}throw-away address`, async () =>
    assert.equal(await disposableDomain(email), domain))

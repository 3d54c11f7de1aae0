import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailText } from './mail-messages.ts'
import { renderStoreMail } from './render-mail.ts'

const messages = ['confirm_registration', 'already_registered', 'reset_password', 'no_account'] as const

test('every mail is complete, and names the store wherever it should', () => {
  for (const message of messages) {
    const { paragraphs, ...texts } = mailText(message, 'en', 'Northwind $& Cloud')
    for (const text of [...Object.values(texts), ...paragraphs]) {
      assert.notEqual(text, '', message)
      assert.doesNotMatch(text, /[{}]/, message)
    }
    assert.match(texts.subject, /Northwind \$& Cloud/)
  }
})

test('a language without texts reads English', () => {
  assert.equal(mailText('reset_password', 'fr-CA', 'S').language, 'en')
  assert.equal(mailText('reset_password', 'constructor', 'S').language, 'en')
  assert.equal(mailText('reset_password', 'EN-us', 'S').language, 'en')
})

test('the link is in both parts, and a store’s name is text in both', () => {
  const url = 'https://shop.example/client/confirm?token=abc'
  const store = { name: '<b>Shop</b>', brand: { serviceName: 'Shop', color: null } }
  const mail = renderStoreMail({ message: 'confirm_registration', language: 'en', store: store as never, url })
  assert.ok(mail.html.includes(`href="${url}"`))
  assert.ok(mail.text.includes(`\n${url}\n`))
  assert.ok(!mail.html.includes('<b>Shop'))
})

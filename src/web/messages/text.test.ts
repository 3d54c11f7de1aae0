import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseLanguage, chooseLocale, createText } from './text.ts'

const text = createText('en', [{ hello: 'Hello' } as Record<string, string>])

test('money keeps every digit of its decimal string', () => {
  assert.equal(text.money({ amount: '90071992547409931.07', currency: 'USD' }), '$90,071,992,547,409,931.07')
  assert.equal(text.money({ amount: '49.00', currency: 'USD' }), '$49.00')
  assert.equal(text.money({ amount: '49.00', currency: 'USD' }, { trim: true }), '$49')
  assert.equal(text.money({ amount: '1200', currency: 'JPY' }), '¥1,200')
})
test('money says its currency code where asked and the sign is ambiguous', () => {
  assert.equal(text.money({ amount: '49.00', currency: 'USD' }, { code: true }), '$49.00 USD')
  assert.equal(createText('de', []).money({ amount: '49.00', currency: 'EUR' }, { code: true }), '49,00\u00a0€')
})
test('times near now are relative, far ones are dates', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  assert.equal(text.relative('2026-11-23T11:55:00Z', now), '5 minutes ago')
  assert.equal(text.relative('2026-11-26T12:00:00Z', now), 'in 3 days')
  assert.equal(text.relative('2027-03-01T12:00:00Z', now), 'Mar 1, 2027')
})
test('small unit prices are not rounded', () => assert.equal(text.number('0.00006'), '0.00006'))
test('the first wish we have a catalogue for decides, English is the last resort', () => {
  assert.equal(chooseLanguage([null, 'xx', 'en-GB']), 'en')
  assert.equal(chooseLanguage(['tlh']), 'en')
})
test('the reader keeps the regional form of the language', () => {
  assert.equal(chooseLocale('en', ['de-DE', 'en-GB']), 'en-GB')
  assert.equal(chooseLocale('en', ['fr']), 'en')
})
test('a browser whose language is no language tag gets the plain language', () => {
  assert.equal(chooseLocale('en', ['en-US@posix', 'en-GB']), 'en-GB')
  assert.equal(chooseLocale('en', ['en-US@posix']), 'en')
})

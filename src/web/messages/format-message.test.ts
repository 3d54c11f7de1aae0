import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatMessage } from './format-message.ts'

for (const { name, message, values, locale, text } of [
  { name: 'fills a name', message: 'Hello {name}.', values: { name: 'Ada' }, locale: 'en', text: 'Hello Ada.' },
  {
    name: 'says one day',
    message: '{n, plural, one {# day} other {# days}}',
    values: { n: 1 },
    locale: 'en',
    text: '1 day',
  },
  {
    name: 'groups digits in plurals',
    message: '{n, plural, one {# day} other {# days}}',
    values: { n: 1200 },
    locale: 'en',
    text: '1,200 days',
  },
  {
    name: 'prefers an exact number',
    message: '{n, plural, =0 {none} other {#}}',
    values: { n: 0 },
    locale: 'en',
    text: 'none',
  },
  {
    name: 'knows the plural forms of other languages',
    message: '{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}',
    values: { n: 22 },
    locale: 'ru',
    text: '22 дня',
  },
  {
    name: 'nests values in branches',
    message: '{k, select, trial {Trial of {d}} other {{d}}}',
    values: { k: 'trial', d: '14 days' },
    locale: 'en',
    text: 'Trial of 14 days',
  },
])
  test(name, () => assert.equal(formatMessage(message, values, locale), text))

test('a missing value is an error, not a blank', () => {
  assert.throws(() => formatMessage('Hello {name}', {}, 'en'), /name/)
})

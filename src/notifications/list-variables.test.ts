import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listVariables } from './list-variables.ts'
import { renderText } from './liquid.ts'

const variables = {
  account: { name: 'Contoso', balance: '12.50 USD', trial: false },
  manager: null,
  payment: undefined,
  event: { data: { lines: [1, 2], long: 'x'.repeat(200) } },
  host: 'shop.example.com',
}

test('every variable has the name that a text writes it with, and its value', () => {
  assert.deepEqual(
    listVariables(variables).map(({ name, value }) => `${name} ${value.slice(0, 16)}`),
    [
      'account.name Contoso',
      'account.balance 12.50 USD',
      'account.trial false',
      'manager null',
      'event.data.lines [1,2]',
      'event.data.long xxxxxxxxxxxxxxxx',
      'host shop.example.com',
    ],
  )
})

test('a name that is listed gives its value when it is written', () => {
  for (const { name, value } of listVariables({ account: variables.account, host: variables.host }))
    assert.equal(renderText(`{{ ${name} }}`, variables), value)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { withCsv } from './csv.ts'
import { route } from './route.ts'
import { Amount } from './schemas.ts'

const Row = z.object({ name: z.string(), visits: z.int(), sums: z.array(z.object({ paid: Amount })) })
const list = route({
  method: 'GET',
  path: '/api/v1/rows',
  scope: 'managers:read',
  summary: 'Rows',
  input: z.object({}),
  output: z.object({ items: z.array(Row) }),
  async handle() {
    const paid = (amountMinor: bigint, currency: string) => ({ paid: { amountMinor, currency } })
    return {
      items: [
        { name: 'Both', visits: 5, sums: [paid(150n, 'EUR'), paid(70n, 'JPY')] },
        { name: 'None', visits: 2, sums: [] },
      ],
    }
  },
})

async function fileOf(wish: { readonly perEntry?: string }): Promise<string[]> {
  const [, file] = withCsv(list, wish)
  assert.ok(file)
  const context = { reply: { header: () => undefined } } as unknown as Parameters<typeof file.handle>[0]
  const { text } = (await file.handle(context, {})) as { text: AsyncIterable<string> }
  let whole = ''
  for await (const part of text) whole += part
  return whole.replace('\uFEFF', '').trim().split('\r\n')
}

test('a list of amounts, one a currency, is a row for each; counts stand in the first alone, so that they add up', async () => {
  assert.deepEqual(await fileOf({ perEntry: 'sums' }), [
    'name,visits,paid,paid_currency',
    'Both,5,1.50,EUR',
    'Both,0,70,JPY',
    'None,2,,',
  ])
})

test('without that wish it is one cell', async () => {
  const [head, both] = await fileOf({})
  assert.equal(head, 'name,visits,sums')
  assert.match(both ?? '', /^Both,5,"\[/)
})

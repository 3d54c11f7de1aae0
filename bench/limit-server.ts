/**
 * The limit of what one `node:http` process can answer: fixed bytes, given in `LIMIT_ANSWER`, whatever is asked; with
 * `LIMIT_QUERY` after one prepared SELECT.
 */
import { createServer } from 'node:http'
import { Pool } from 'pg'
import type { FixedAnswer, LimitQuery } from './limit.ts'

const { status, headers, body } = JSON.parse(process.env['LIMIT_ANSWER'] ?? '') as FixedAnswer
const query = JSON.parse(process.env['LIMIT_QUERY'] ?? 'null') as LimitQuery | null
const bytes = Buffer.from(body, 'base64')
const pool = query && new Pool({ connectionString: query.connectionString, max: 10 })

const server = createServer((_request, response) => {
  void before().then(() => {
    response.writeHead(status, headers)
    response.end(bytes)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.stdout.write(`${address.port}\n`)
})
process.on('SIGTERM', () => process.exit(0))

async function before(): Promise<void> {
  if (!pool || !query) return
  const { rowCount } = await pool.query({ name: 'limit', text: query.text, values: [query.value] })
  if (rowCount !== 1) throw new Error('There is no such row')
}

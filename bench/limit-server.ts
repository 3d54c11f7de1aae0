/** The limit of what one `node:http` process can answer: fixed bytes, given in `LIMIT_ANSWER`, whatever is asked. */
import { createServer } from 'node:http'
import type { FixedAnswer } from './limit.ts'

const { status, headers, body } = JSON.parse(process.env['LIMIT_ANSWER'] ?? '') as FixedAnswer
const bytes = Buffer.from(body, 'base64')
const server = createServer((_request, response) => {
  response.writeHead(status, headers)
  response.end(bytes)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address) process.stdout.write(`${address.port}\n`)
})
process.on('SIGTERM', () => process.exit(0))

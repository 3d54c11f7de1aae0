import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { createOutboundGuard } from './guard.ts'
import { post } from './post.ts'

async function listen(
  handle: RequestListener,
  host = '127.0.0.1',
  port = 0,
): Promise<{ port: number; hits: string[] }> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`)
    handle(request, response)
  })
  server.listen(port, host)
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, hits }
}

const open = createOutboundGuard({ allowInternal: true })
const send = (url: string, more: object = {}) =>
  post(open, { url, headers: { 'x-test': '1' }, body: '{"a":1}', ...more })

test('sends the body and gives the answer', async () => {
  const chunks: Buffer[] = []
  const { port, hits } = await listen((request, response) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => response.writeHead(202, { 'x-answer': 'yes' }).end('taken'))
  })
  const answer = await send(`http://127.0.0.1:${port}/hook`)
  assert.equal(answer.status, 202)
  assert.equal(answer.headers['x-answer'], 'yes')
  assert.equal(answer.body.toString(), 'taken')
  assert.equal(Buffer.concat(chunks).toString(), '{"a":1}')
  assert.deepEqual(hits, ['POST /hook'])
})

test('a redirect to an internal address is an answer, and is not followed', async () => {
  const inside = await listen((_request, response) => response.end('secret'))
  const { port } = await listen((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
  )
  assert.equal((await send(`http://127.0.0.1:${port}/`)).status, 307)
  assert.deepEqual(inside.hits, [])
})

test('reads no more of an answer than it may', async () => {
  const { port } = await listen((_request, response) => {
    const flood = () => response.write('x'.repeat(10_000)) && setImmediate(flood)
    response.on('drain', flood)
    flood()
  })
  const answer = await send(`http://127.0.0.1:${port}/`, { maxAnswerBytes: 1000 })
  assert.equal(answer.body.length, 1000)
  assert.equal(answer.isTruncated, true)
})

test('gives up on a receiver that does not answer, or never ends its answer', async () => {
  const silent = await listen(() => undefined)
  await assert.rejects(send(`http://127.0.0.1:${silent.port}/`, { timeoutMs: 100 }), { code: 'timeout' })
  const endless = await listen((_request, response) => response.write('a'))
  await assert.rejects(send(`http://127.0.0.1:${endless.port}/`, { timeoutMs: 100 }), { code: 'timeout' })
})

test('gives up on a TLS server that never says hello', async () => {
  const server = createTcpServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await assert.rejects(send(url, { connectTimeoutMs: 100 }), { code: 'connect_timeout' })
})

test('nobody there, a connection cut off, a name without address: each has its reason', async () => {
  const { port } = await listen((request) => request.socket.destroy())
  await assert.rejects(send(`http://127.0.0.1:${port}/`), { code: 'connection_failed' })
  await assert.rejects(send('http://127.0.0.1:1/'), { code: 'connection_failed' })
  await assert.rejects(send('http://nowhere.invalid/'), { code: 'unknown_host' })
})

test('http, and internal addresses in every notation, are refused before anything is sent', async () => {
  const guard = createOutboundGuard({ allowInternal: false })
  const { port, hits } = await listen((_request, response) => response.end())
  const strict = (url: string) => post(guard, { url, headers: {}, body: '' })
  await assert.rejects(strict(`http://127.0.0.1:${port}/`), { code: 'insecure_url' })
  for (const host of [
    '127.0.0.1',
    'localhost',
    '0x7f.1',
    '2130706433',
    '0177.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ])
    await assert.rejects(strict(`https://${host}:${port}/`), { code: 'internal_address' }, host)
  assert.deepEqual(hits, [])
})

test('a host whose name changes to an internal address is connected to where it was checked, or not at all', async () => {
  const outside = await listen((_request, response) => response.end('outside'))
  // The same port on another loopback address plays the inside.
  const inside = await listen((_request, response) => response.end('inside'), '127.0.0.2', outside.port)
  const answers = ['127.0.0.1', '127.0.0.2']
  let asked = 0
  const guard = createOutboundGuard({
    allowInternal: true,
    isAllowed: (address) => address === '127.0.0.1',
    resolve: async () => [{ address: answers[Math.min(asked++, 1)] ?? '', family: 4 }],
  })
  const call = () => post(guard, { url: `http://hooks.example:${outside.port}/`, headers: {}, body: '' })
  assert.equal((await call()).body.toString(), 'outside')
  assert.equal(asked, 1, 'looked up once, so what was checked is what was connected to')
  await assert.rejects(call(), { code: 'internal_address' })
  assert.deepEqual(inside.hits, [])
})

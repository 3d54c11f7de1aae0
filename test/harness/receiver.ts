import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './at-end.ts'

export interface Received {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: { readonly type: string; readonly data: Readonly<Record<string, unknown>>; readonly event_id: string }
}

export interface Receiver {
  readonly url: string
  readonly port: number
  /** Everything that came, copies too. */
  readonly received: Received[]
  /** How the next ones are answered: a status, or by hand. */
  answer: number | ((response: ServerResponse, received: Received) => void)
  /** Refuses connections from now on; `up` again on the same port. */
  down(): Promise<void>
  up(): Promise<void>
}

/** A real receiver of webhooks on the loopback. Ended after the file's last test. */
export async function openReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const { headers } = request
      const one = { id: String(headers['webhook-id']), headers, text, body: JSON.parse(text) as Received['body'] }
      receiver.received.push(one)
      const { answer } = receiver
      if (typeof answer === 'number') response.writeHead(answer).end()
      else answer(response, one)
    })
  })
  let port = 0
  const up = async () => {
    server.listen(port, host)
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const down = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await up()
  atEnd(down)
  const receiver: Receiver = { url: `http://${host}:${port}/hook`, port, received: [], answer: 204, down, up }
  return receiver
}

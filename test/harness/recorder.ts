import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

/** One request as it came, to be sent again byte for byte. */
export interface Recorded {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** What was answered. */
  readonly status: number
}

/** Stands before a server and keeps all that passes: what browsers, programs and other services ask of it. */
export interface Recorder {
  readonly origin: string
  /** Requests that may change something, in the order in which they were answered. */
  changes(): readonly Recorded[]
  /** Sends one again, under another key where one is given. @returns The status. */
  repeat(recorded: Recorded, idempotencyKey?: string): Promise<number>
}

const isChange = ({ method }: Recorded): boolean => method !== 'GET' && method !== 'HEAD'

/**
 * Start it before the server, whose public address it is. Ended after the file's last test.
 *
 * @param port Of the server on this machine.
 */
export async function openRecorder(port: number): Promise<Recorder> {
  const recorded: Recorded[] = []
  const pass = (
    { method, path, headers, body }: Omit<Recorded, 'status'>,
    answered: (status: number, headers: IncomingHttpHeaders, chunks: AsyncIterable<Buffer>) => Promise<void>,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = send({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        answered(answer.statusCode ?? 0, answer.headers, answer).then(resolve, reject)
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { method = 'GET', url: path = '/', headers } = incoming
    const asked = { method, path, headers, body: Buffer.concat(chunks) }
    try {
      await pass(asked, async (status, answerHeaders, answer) => {
        response.writeHead(status, answerHeaders)
        response.flushHeaders()
        for await (const chunk of answer) response.write(chunk)
        recorded.push({ ...asked, status })
        response.end()
      })
    } catch {
      // The server died, or the caller left a stream.
      response.destroy()
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    changes: () => recorded.filter(isChange),
    async repeat(one, idempotencyKey) {
      const headers = idempotencyKey === undefined ? one.headers : { ...one.headers, 'idempotency-key': idempotencyKey }
      let found = 0
      await pass({ ...one, headers }, async (status, _headers, answer) => {
        found = status
        for await (const _chunk of answer);
      })
      return found
    },
  }
}

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Load {
  readonly port: number
  /** Callers: each has a connection of its own, kept alive, with one request under way at a time. */
  readonly connections: number
  /** Bytes of the next request; undefined: that was the last one. */
  readonly next: () => Buffer | undefined
  /** No request is begun after this time. */
  readonly durationMs: number
  /** What every answer must have; another one ends the measurement. */
  readonly status: number
}

export interface Outcome {
  readonly requests: number
  readonly perSecond: number
  /** Of each request, from its first byte sent to its last byte received. */
  readonly latenciesMs: readonly number[]
}

/**
 * Loads a server on this machine and waits for every answer.
 *
 * A client of our own, since a general one (autocannon) costs more CPU a request than the servers measured here, on
 * the cores that it shares with them, and cannot send each of thousands of prepared requests exactly once. This one
 * sends prepared bytes and reads no more of an answer than its status and its length.
 *
 * @throws {Error} A connection broke, or an answer had another status: with its text.
 */
export async function load(options: Load): Promise<Outcome> {
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => open(options.port)))
  const latenciesMs: number[] = []
  const started = performance.now()
  try {
    await Promise.all(sockets.map((socket) => call(socket, options, started + options.durationMs, latenciesMs)))
    const seconds = (performance.now() - started) / 1000
    return { requests: latenciesMs.length, perSecond: latenciesMs.length / seconds, latenciesMs }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

/**
 * One request and its whole answer, for what is looked at rather than measured.
 *
 * @param from Address of this machine to call from; limits for strangers count by address.
 */
export async function ask(port: number, request: Buffer, from = '127.0.0.1'): Promise<{ head: string; body: Buffer }> {
  const socket = await open(port, from)
  let received = Buffer.alloc(0)
  try {
    socket.write(request)
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer])
      const answer = readAnswer(received)
      if (answer) return { head: answer.head, body: received.subarray(answer.bodyStart, answer.end) }
    }
  } finally {
    socket.destroy()
  }
  throw new Error(`The server closed the connection after ${received.length} bytes`)
}

async function open(port: number, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true })
  await once(socket, 'connect')
  return socket
}

function call(socket: Socket, options: Load, deadline: number, latenciesMs: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const expected = String(options.status)
    let begun = 0
    let rest: Buffer | undefined
    const send = (now: number): void => {
      const request = now < deadline ? options.next() : undefined
      if (!request) return resolve()
      begun = now
      socket.write(request)
    }
    socket.on('data', (chunk: Buffer) => {
      const received = rest ? Buffer.concat([rest, chunk]) : chunk
      const answer = readAnswer(received)
      if (!answer) {
        rest = received
        return
      }
      rest = undefined
      if (answer.status !== expected) return reject(new Error(`Not ${expected}: ${received.toString().slice(0, 1500)}`))
      const now = performance.now()
      latenciesMs.push(now - begun)
      send(now)
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The server closed a connection')))
    send(performance.now())
  })
}

/** Where one whole answer ends in what was received; undefined: there is more to come. */
function readAnswer(received: Buffer): { status: string; head: string; bodyStart: number; end: number } | undefined {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = received.toString('latin1', 0, headEnd)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`An answer without a length: ${head}`)
  const bodyStart = headEnd + 4
  const end = bodyStart + Number(length)
  return received.length < end ? undefined : { status: head.slice(9, 12), head, bodyStart, end }
}

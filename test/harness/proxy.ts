import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './at-end.ts'

/** A way to some server that can be cut, or made slow. */
export interface Proxy {
  readonly port: number
  /** Ends all connections and takes no new ones. */
  cut(): void
  /** Takes connections, and lets nothing through: as a machine that hangs does. */
  hang(): void
  /** Lets everything through again; what was cut off stays so. */
  mend(): void
  /** Milliseconds that each packet to the server waits. */
  delayMs: number
  /** Connections that go through it. */
  readonly open: number
}

/** The way to a database, and its address for `DATABASE_URL`. @param address With the socket that it listens on. */
export async function openDatabaseProxy(address: string): Promise<Proxy & { readonly address: string }> {
  const folder = decodeURIComponent(/host=([^&]+)/.exec(address)?.[1] ?? '')
  const proxy = await openProxy({ path: `${folder}/.s.PGSQL.5432` })
  return Object.assign(proxy, { address: `postgresql://buylink@127.0.0.1:${proxy.port}/buylink` })
}

export async function openProxy(to: NetConnectOpts): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let mode: 'through' | 'cut' | 'hang' = 'through'
  const listener = createServer((client) => {
    if (mode === 'cut') return void client.destroy()
    const server = connect(to)
    const pair = [client, server] as const
    pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      // One after the other, also where the delay changes in between.
      let turn = Promise.resolve()
      from.on('data', (data) => {
        if (mode === 'hang') return
        const delayMs = from === client ? proxy.delayMs : 0
        turn = turn.then(() => (delayMs > 0 ? sleep(delayMs) : undefined)).then(() => void to.write(data))
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const dropAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
  }
  atEnd(() => {
    dropAll()
    listener.close()
  })
  const { port } = listener.address() as AddressInfo
  const proxy: Proxy = {
    port,
    delayMs: 0,
    get open() {
      return pairs.size
    },
    cut() {
      mode = 'cut'
      dropAll()
    },
    hang() {
      mode = 'hang'
    },
    mend() {
      // What hung would go on in the middle of a message.
      if (mode === 'hang') dropAll()
      mode = 'through'
    },
  }
  return proxy
}

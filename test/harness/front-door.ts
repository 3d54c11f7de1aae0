import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after } from 'node:test'
import {
  createManager,
  createTouchTokens,
  type KeyVisitCounter,
  type TouchTokens,
} from '../../src/attribution/index.ts'
import { createDispatcher, DISPATCHER_PATH } from '../../src/buylinks/dispatcher.ts'
import type { Visit } from '../../src/buylinks/visits.ts'
import { createPlan } from '../../src/catalog/index.ts'
import { transaction } from '../../src/platform/db.ts'
import { createAddressReader } from '../../src/platform/http/address.ts'
import { loadBuiltPages } from '../../src/web/built-pages.ts'
import { createStorePages } from '../../src/web/store/pages.ts'
import { createStoreTouches } from '../../src/web/store/touches.ts'
import type { TestDatabase } from './database.ts'
import { openShop, type Shop } from './shop.ts'

type KeyVisit = Parameters<KeyVisitCounter['count']>[0]
type Deps = Parameters<typeof createDispatcher>[0]

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The Host header; the demonstration store's by default. */
  readonly host?: string
  /** In place of the dispatcher's. */
  readonly path?: string
}

export interface Door {
  readonly dispatch: ReturnType<typeof createDispatcher>
  readonly port: number
  ask(query: string, asked?: Asked): Promise<Answer>
}

export interface FrontDoor extends Door {
  readonly shop: Shop
  /** Visits counted, and errors told, since a test last emptied the list. */
  readonly counted: Visit[]
  /** Visits by a key that counts, repeats not left out. */
  readonly keyVisited: KeyVisit[]
  readonly tokens: TouchTokens
  readonly errors: unknown[]
  /** Another one with other parts, behind the proxies of these addresses. */
  open(changes?: Partial<Deps>, trusted?: readonly string[]): Promise<Door>
  /** Changes the demonstration store; what is absent becomes as it was. */
  setStore(change: { status?: string; externalUrl?: string }): Promise<void>
}

/** As a browser asks for a page. */
export const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
}

/**
 * The dispatcher on the demonstration store, behind a bare server, with the store's real pages. Beside the store's own
 * plans it sells 901 (retired, 425 took its place), 902 (a hidden period) and 903 (a minimum top-up). Managers of the
 * root have the keys `above.key-1` and, inactive, `gone`.
 */
export async function openFrontDoor(database: TestDatabase): Promise<FrontDoor> {
  const shop = await openShop(database)
  await sellMore(shop)
  const manager = { sellerId: shop.operator.tenantId, name: 'Above', role: 'sales' } as const
  await createManager(shop.db, shop.clock, shop.operator, { ...manager, key: 'above.key-1' })
  await createManager(shop.db, shop.clock, shop.operator, { ...manager, key: 'gone', active: false })
  await shop.managers.refresh()
  const built = await loadBuiltPages()
  const counted: Visit[] = []
  const keyVisited: KeyVisit[] = []
  const tokens = createTouchTokens({ secret: 'a secret of at least 32 characters', clock: shop.clock })
  const keyVisits: KeyVisitCounter = {
    count: (visit) => void keyVisited.push(visit),
    flush: async () => undefined,
  }
  const touches = createStoreTouches({ ...shop, tokens, keyVisits })
  const pages = createStorePages({
    ...shop,
    clockOf: () => shop.clock,
    touches,
    built,
    languages: ['en'],
    demonstration: true,
  })
  const errors: unknown[] = []
  const open: FrontDoor['open'] = async (changes = {}, trusted = []) => {
    const dispatch = createDispatcher({
      ...shop,
      keyVisits,
      tokens,
      visits: { count: (visit) => void counted.push(visit), flush: async () => undefined },
      renderProblems: pages.renderProblems,
      onError: (error) => void errors.push(error),
      addressOf: createAddressReader(trusted),
      ...changes,
    })
    const port = await listen(dispatch)
    return { dispatch, port, ask: (query, asked) => ask(port, query, asked) }
  }
  return {
    ...(await open()),
    shop,
    counted,
    keyVisited,
    tokens,
    errors,
    open,
    async setStore({ status = 'active', externalUrl = null }: { status?: string; externalUrl?: string | null }) {
      const values = [shop.store.storeId, status, externalUrl]
      await shop.pool.query('update stores set status = $2, external_application_url = $3 where id = $1', values)
      await shop.stores.refresh()
    },
  }
}

async function sellMore(shop: Shop): Promise<void> {
  const { sellerId } = shop.store
  const at = shop.clock.now()
  const sold = { productId: '1', billingType: 'pay_in_full' } as const
  await transaction(shop.db, async (tx) => {
    const month = { duration: { value: 1, unit: 'months' } } as const
    await createPlan(
      tx,
      sellerId,
      {
        ...sold,
        id: '901',
        name: 'Retired',
        status: 'retired',
        successorId: '425',
        periods: [{ id: '9011', ...month }],
      },
      at,
    )
    await createPlan(
      tx,
      sellerId,
      {
        ...sold,
        id: '902',
        name: 'Two',
        periods: [
          { id: '9021', ...month, isPublic: false },
          { id: '9022', ...month },
        ],
      },
      at,
    )
    await createPlan(
      tx,
      sellerId,
      {
        productId: '2',
        billingType: 'pay_as_you_go_internal',
        id: '903',
        name: 'Least',
        minimumTopupMinor: 5000n,
        periods: [{ id: '9031', duration: null }],
      },
      at,
    )
  })
  await shop.catalog.refresh(sellerId)
}

const servers = new Set<Server>()
// Imported at the top of a test file, so this hook is the file's own.
after(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

/** Whatever the dispatcher leaves to others answers 418. */
async function listen(dispatch: Door['dispatch']): Promise<number> {
  const server: Server = createServer((incoming, response) => {
    if (!dispatch(incoming, response)) response.writeHead(418).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.add(server)
  return (server.address() as AddressInfo).port
}

function ask(port: number, query: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', host = 'localhost:8080', path = DISPATCHER_PATH + query } = asked
  const headers = { ...BROWSER, host, ...asked.headers }
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      })
    })
      .on('error', reject)
      .end()
  })
}

/** The answer to a request line that no client would send, one character a byte. */
export function askRaw(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(Buffer.from(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 'latin1'))
    })
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', reject).on('close', () => resolve(text))
  })
}

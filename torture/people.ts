import type { ServerProcess } from '../test/harness/server.ts'
import { createVisitor, PEOPLE, register, signIn, until, type Visitor } from '../test/harness/visitor.ts'

/** The operator's API client of every server that is tried; it has no rate limit. */
export const CLIENT = { id: 'torture', secret: 'a-secret-of-this-run-alone' } as const

/** What a server is started with, so that the callers below reach all of it. */
export const SETTINGS: Readonly<Record<string, string>> = {
  BUYLINK_CLIENT_ID: CLIENT.id,
  BUYLINK_CLIENT_SECRET: CLIENT.secret,
  BUYLINK_UNLIMITED_CLIENTS: CLIENT.id,
  // A receiver on the loopback.
  BUYLINK_ALLOW_INTERNAL: '1',
  // Callers say where they call from: strangers are limited by their address.
  BUYLINK_TRUST_PROXY: '127.0.0.1',
}

/** The same caller with headers of its own on each request. */
export const withHeaders = (visitor: Visitor, own: Readonly<Record<string, string>>): Visitor => ({
  ...visitor,
  request: (method, path, body, headers) => visitor.request(method, path, body, { ...own, ...headers }),
  call: (method, path, body, headers) => visitor.call(method, path, body, { ...own, ...headers }),
  at: (origin) => withHeaders(visitor.at(origin), own),
})

/** The header of a program. Tokens live for two hours, across restarts. */
export async function authorizationOf(
  origin: string,
  { id, secret }: { readonly id: string; readonly secret: string } = CLIENT,
): Promise<string> {
  const ask = async (): Promise<string | undefined> => {
    const response = await fetch(`${origin}/api/2/idp/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    const { access_token } = (await response.json()) as { access_token?: string }
    return access_token
  }
  // The last thing that a first start makes is its client: the server is ready a moment before.
  const token = await until(ask, (given) => given !== undefined, { what: `token for ${id}` })
  return `Bearer ${token}`
}

export interface Customer {
  readonly visitor: Visitor
  readonly accountId: string
}

export interface People {
  /** The operator's program: approves payments, reports usage, hires managers. */
  readonly program: Visitor
  /** Its header. */
  readonly authorization: string
  /** The operator in a browser. */
  readonly operator: Visitor
  readonly northwindId: string
  readonly customers: readonly Customer[]
}

/** Signs in the operator's program, and registers customers through the links in their mails, as people do. */
export async function gatherPeople({ origin }: Pick<ServerProcess, 'origin'>, count: number): Promise<People> {
  const authorization = await authorizationOf(origin)
  const program = withHeaders(createVisitor(origin), { authorization })
  const operator = await signIn(origin, PEOPLE.operator)
  const { items } = await program.call<{ items: { id: string; name: string }[] }>('GET', '/api/v1/tenants')
  const northwindId = items.find(({ name }) => name === 'Northwind Cloud')?.id ?? ''
  const customers = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const from = { 'x-forwarded-for': `10.1.0.${number + 1}` }
      const visitor = withHeaders(createVisitor(origin), from)
      const { account } = await register(visitor, operator, `customer-${number}@torture.example`)
      return { visitor, accountId: account.id }
    }),
  )
  return { program, authorization, operator, northwindId, customers }
}

import assert from 'node:assert/strict'
import { type TenantId, newId } from '../../src/kernel/ids.ts'
import type { ApplicationOptions } from '../../src/application-parts.ts'
import { ensureRoot, systemActor } from '../../src/tenants/index.ts'
import { createClient } from '../../src/users/index.ts'
import type { RoleId } from '../../src/users/schema.ts'
import { openApplication, type TestApplication } from './application.ts'
import type { TestDatabase } from './database.ts'

export interface V2Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // What a test reads of it, it asserts.
  readonly body: Record<string, never>
}

/** A program that signed in by its id and secret, over real HTTP. */
export interface Program {
  readonly clientId: string
  readonly secret: string
  readonly tenantId: TenantId
  token: string
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<V2Answer>
  /** A new token. */
  signIn(): Promise<V2Answer>
}

export interface V2Server {
  readonly app: TestApplication
  readonly origin: string
  readonly root: { readonly id: TenantId; readonly path: string }
  /** The operator's program: sees everything. */
  readonly operator: Program
  request(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<V2Answer>
  /** A program of a tenant: its administrator's rights unless said otherwise. */
  programOf(tenantId: TenantId, roleId: RoleId, scopes?: readonly string[]): Promise<Program>
  /** A tenant of the operator's making. */
  make(kind: string, parentId: TenantId, name?: string, rest?: object): Promise<TenantId>
}

/** The platform code of a failure; undefined for what is none. */
export const codeOf = ({ body }: V2Answer): number | undefined =>
  (body as Record<string, { code?: number } | undefined>)['error']?.code

let count = 0
/** A name that no other tenant of the test has. */
export const freshName = (word = 'Tenant'): string => `${word} ${++count}`

/** The whole application with the demonstration store, listening on the loopback, and a program of the operator. */
export async function openV2(database: TestDatabase, options: Partial<ApplicationOptions> = {}): Promise<V2Server> {
  const app = await openApplication(database, options)
  const origin = await app.http.listen({ port: 0, host: '127.0.0.1' })
  const { db } = database
  const root = await ensureRoot(db, app.clock)
  const system = systemActor(root.sellerId, root.id, root.path, 'test')

  const request: V2Server['request'] = async (method, path, body, headers = {}) => {
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
  }

  const programOf: V2Server['programOf'] = async (tenantId, roleId, scopes) => {
    const clientId = `test-${newId().slice(0, 18)}-${++count}`
    const secret = `secret of ${clientId}`
    const made = await createClient(db, app.clock, system, {
      id: clientId,
      tenantId,
      name: 'Test',
      roleId,
      secret,
      ...(scopes && { scopes }),
    })
    assert.ok(made)
    const program: Program = {
      clientId,
      secret,
      tenantId,
      token: '',
      send: (method, path, body, headers) =>
        request(method, path, body, { authorization: `Bearer ${program.token}`, ...headers }),
      async signIn() {
        const answer = await request('POST', '/api/2/idp/token', 'grant_type=client_credentials', {
          authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        })
        if (answer.status === 200) program.token = String(answer.body['access_token'])
        return answer
      },
    }
    assert.equal((await program.signIn()).status, 200)
    return program
  }
  const operator = await programOf(root.id, 'root_admin')
  return {
    app,
    origin,
    root,
    operator,
    request,
    programOf,
    async make(kind, parentId, name = freshName(kind), rest = {}) {
      const made = await operator.send('POST', '/api/2/tenants', { name, kind, parent_id: parentId, ...rest })
      assert.equal(made.status, 201, made.text)
      return String(made.body['id'])
    },
  }
}

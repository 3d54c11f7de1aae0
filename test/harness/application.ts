import { pino } from 'pino'
import { createApplication, type Application } from '../../src/application.ts'
import type { ApplicationOptions } from '../../src/application-parts.ts'
import { loadDemonstration } from '../../src/demonstration/index.ts'
import { loadBuiltPages } from '../../src/web/built-pages.ts'
import { fixedClock, type FixedClock } from './clock.ts'
import type { TestDatabase } from './database.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  readonly body: Record<string, never>
  readonly text: string
  readonly bytes: Buffer
}

/** A browser without pages: keeps cookies, sends the CSRF token of its session. */
export interface Caller {
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  signIn(email: string, password?: string): Promise<Answer>
}

export interface TestApplication extends Application {
  readonly clock: FixedClock
  caller(): Caller
}

export const SECRET = 'a secret of the tests, long enough for a key'
export const ORIGIN = 'http://localhost:8080'

/** The whole application with the demonstration store, in this process, on a test's own database. Ended after the file. */
export async function openApplication(
  database: TestDatabase,
  options: Partial<ApplicationOptions> = {},
): Promise<TestApplication> {
  const { db, pool, connectionString } = database
  const clock = fixedClock()
  const app = await createApplication({
    config: { publicUrl: ORIGIN, trustProxy: [], smtpUrl: undefined, allowInternal: true },
    secret: SECRET,
    connectionString,
    db,
    pool,
    clock,
    log: pino({ level: 'silent' }),
    built: await loadBuiltPages(),
    demonstration: true,
    ...options,
  })
  await loadDemonstration(app.parts, ORIGIN)
  await app.start()
  database.beforeClose(() => app.stop())
  return { ...app, clock, caller: () => newCaller(app) }
}

function newCaller(app: Application): Caller {
  const cookies = new Map<string, string>()
  let csrf: string | undefined
  const send: Caller['send'] = async (method, path, body, headers = {}) => {
    const response = await app.http.app.inject({
      method: method as 'GET',
      url: path,
      headers: {
        host: 'localhost:8080',
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(csrf !== undefined && { 'x-csrf-token': csrf }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
    })
    for (const { name, value } of response.cookies) cookies.set(name, value)
    const isJson = /json/.test(String(response.headers['content-type']))
    const said: Answer['body'] & { csrf_token?: string; session?: { csrf_token?: string } } = isJson
      ? JSON.parse(response.body)
      : {}
    csrf = said.csrf_token ?? said.session?.csrf_token ?? csrf
    const { statusCode: status, headers: received, body: text, rawPayload: bytes } = response
    return { status, headers: received, text, bytes, body: said }
  }
  return {
    send,
    signIn: (email, password = 'demonstration') => send('POST', '/api/v1/sessions', { email, password }),
  }
}

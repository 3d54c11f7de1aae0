import { createManagerDirectory, managerOfUser } from '../../src/attribution/index.ts'
import type { SellerId } from '../../src/kernel/ids.ts'
import type { Clock } from '../../src/kernel/time.ts'
import type { Actor } from '../../src/platform/actor.ts'
import { createSessions } from '../../src/platform/auth/sessions.ts'
import type { AnyRoute, RequestFacts } from '../../src/platform/http/route.ts'
import { type RegistrationFace, tellOfSignIn } from '../../src/registration/index.ts'
import { createStoreDirectory } from '../../src/stores/index.ts'
import { createPrincipalLoaders, createSecondFactors } from '../../src/users/index.ts'
import type { TestDatabase } from './database.ts'
import { stranger } from './sellers.ts'

/** What `server.ts` makes for sign-in and registration, on a test's database. `refresh` after stores or managers change. */
export function testFace({ db, pool }: Pick<TestDatabase, 'db' | 'pool'>, clock: Clock) {
  const stores = createStoreDirectory({ db })
  const managers = createManagerDirectory({ db })
  const face: RegistrationFace = {
    sessions: createSessions({ db, pool, clock, secret: 'a secret of at least 32 characters' }),
    secondFactors: createSecondFactors({
      secret: 'a secret of at least 32 characters',
      issuer: 'Buylink',
      onChange: (tx, key, change, correlationId, at) =>
        tellOfSignIn(tx, face, { ...key, correlationId, at }, `second_factor_${change}`),
    }),
    loaders: createPrincipalLoaders({ db, managerOfUser }),
    stores,
    managers,
    accountFacts: { balanceOf: async () => new Map(), managerOf: (id) => managers.findById(id) },
    publicUrl: 'https://operator.example',
    demonstration: false,
    takesCards: false,
    mailIsKept: true,
  }
  return { face, refresh: () => Promise.all([stores.refresh(), managers.refresh()]) }
}

/** A browser: keeps its cookies from answer to answer. */
export interface TestBrowser {
  readonly cookies: Record<string, string | undefined>
}

/** Calls a route's handler as the server does after its checks: input decoded, actor found by the browser's session. */
export function caller(
  database: Pick<TestDatabase, 'db' | 'pool'>,
  clock: Clock,
  face: RegistrationFace,
  routes: readonly AnyRoute[],
) {
  return async (
    browser: TestBrowser,
    host: string,
    method: AnyRoute['method'],
    path: string,
    input: Record<string, unknown> = {},
  ): Promise<unknown> => {
    const found = routes.find((candidate) => candidate.method === method && candidate.path === path)
    if (!found) throw new Error(`No route ${method} ${path}`)
    const request: RequestFacts = {
      id: 'test',
      host,
      origin: `https://${host}`,
      ip: '127.0.0.1',
      userAgent: 'test',
      cookies: { ...browser.cookies },
      ifMatch: undefined,
      idempotencyKey: undefined,
      rawBody: '',
      header: () => undefined,
      language: 'en',
    }
    const session = await face.sessions.find(request)
    const principal = session && (await face.loaders.loadUserPrincipal(session.sellerId, session.userId))
    const { correlationId } = stranger()
    const actor: Actor =
      session && principal ? { kind: 'user', id: session.userId, ...principal, correlationId } : stranger()
    if (found.scope !== null && (actor.kind === 'anonymous' || !actor.scopes.has(found.scope)))
      throw new Error(`Needs ${found.scope}`)
    return (found.handle as (context: unknown, input: unknown) => Promise<unknown>)(
      {
        ...database,
        clock,
        log: console,
        actor,
        request,
        reply: {
          setCookie: (name: string, value: string) => void (browser.cookies[name] = value),
          clearCookie: (name: string) => void delete browser.cookies[name],
          header: () => undefined,
        },
      },
      found.input.parse(input),
    )
  }
}

export const newBrowser = (): TestBrowser => ({ cookies: {} })

/** The newest mail to someone: purpose, text, and the token of its link if there is one. */
export async function lastMail({ db }: Pick<TestDatabase, 'db'>, sellerId: SellerId, to: string) {
  const mail = await db
    .selectFrom('mails')
    .where('seller_id', '=', sellerId)
    .where('recipient', '=', to)
    .selectAll()
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const link = /https?:\/\/\S+/.exec(mail.body_text)?.[0] ?? ''
  return { ...mail, link, token: URL.parse(link)?.searchParams.get('token') ?? '' }
}

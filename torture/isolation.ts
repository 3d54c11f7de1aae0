import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type TenantId } from '../src/kernel/ids.ts'
import {
  fingerprintOf,
  type Ids,
  type Operation,
  operationsOf,
  requestOf,
  secretsOf,
  thingsOf,
} from '../test/harness/isolation.ts'
import { addressOf, startServer, temporaryDataDir } from '../test/harness/server.ts'
import type { Answer, Visitor } from '../test/harness/visitor.ts'
import { createVisitor } from '../test/harness/visitor.ts'
import pg from 'pg'
import type { Effort } from './effort.ts'
import { authorizationOf, SETTINGS, withHeaders } from './people.ts'
import { untilQuiet } from './quiet.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

type Role = 'partner_admin' | 'readonly_admin' | 'sales' | 'company_admin'

/** Who asks. */
interface Caller {
  readonly name: string
  readonly who: Visitor
  /** Whose things it must not see. */
  readonly strangers: readonly Stranger[]
}

interface Stranger {
  readonly name: string
  readonly ids: Ids
}

/** Of what goes by a number, one that nothing has. */
const NO_NUMBER = '987654321'

/**
 * Every operation of the document, by callers of several roles, on things of everyone they must not see: the answer is
 * that to something which does not exist, it tells no id, and afterwards nothing of anyone else has changed.
 */
export async function runIsolation(tally: Tally, _random: Random, { isBounded }: Effort): Promise<void> {
  if (isBounded) return tally.notChecked('the matrix: test/journeys/isolation.test.ts runs it beside this')
  const dataDir = await temporaryDataDir()
  const server = await startServer({ dataDir, env: SETTINGS, args: ['scripts/start.mjs'] })
  const { origin } = server
  const pool = new pg.Pool({ connectionString: addressOf(dataDir), max: 2 })
  pool.on('error', () => undefined)
  const root = withHeaders(createVisitor(origin), { authorization: await authorizationOf(origin) })
  const tree = await plantTree(root, pool)
  const callers = await callersOf(tree, root, origin, pool)
  const foreign = [tree.northwind, tree.upper, tree.root]
  await untilQuiet(addressOf(dataDir))
  const secrets = await secretsOf(pool, foreign)
  const inside = { path: await pathOf(pool, tree.own) }
  const before = await fingerprintOf(pool, foreign, inside)
  const operations = operationsOf(await root.call('GET', '/openapi.json')).filter(({ isPublic }) => !isPublic)
  for (const { name, who, strangers } of callers) {
    for (const operation of operations)
      for (const stranger of strangers) {
        await compare({
          operation,
          who,
          stranger,
          secrets,
          tally,
          about: `${name}: ${operation.name} on ${stranger.name}`,
        })
        tally.count('isolation_pairs')
      }
    tally.say(`${name}: ${operations.length} operations × ${strangers.length} relations`)
  }
  const after = await fingerprintOf(pool, foreign, inside)
  // The notifier tells of what the operator was asked to do in the setting-up.
  for (const [table, print] of Object.entries(before))
    if (after[table] !== print) tally.problem('leaked', `${table} of another tenant has changed`)
  await pool.end()
  await server.stop()
}

interface Tree {
  readonly root: string
  readonly northwind: string
  readonly contoso: string
  readonly upper: string
  readonly own: string
  readonly below: string
  readonly beside: string
}

/** root ─┬─ Northwind ── Contoso, from the demonstration;  └─ upper ── own ─┬─ below;  └─ beside */
async function plantTree(root: Visitor, pool: pg.Pool): Promise<Tree> {
  const named = async (name: string) =>
    (await pool.query<{ id: string }>('select id from tenants where name = $1', [name])).rows[0]?.id ?? ''
  const rootId = (await pool.query<{ id: string }>(`select id from tenants where kind = 'root'`)).rows[0]?.id ?? ''
  const make = async (kind: string, parent_id: string, name: string) =>
    (await root.call<{ id: string }>('POST', '/api/2/tenants', { name, kind, parent_id })).id
  const upper = await make('partner', rootId, 'Upper')
  const own = await make('partner', upper, 'Own')
  return {
    root: rootId,
    northwind: await named('Northwind Cloud'),
    contoso: await named('Contoso Dental'),
    upper,
    own,
    below: await make('customer', own, 'Below'),
    beside: await make('customer', own, 'Beside'),
  }
}

async function callersOf(tree: Tree, root: Visitor, origin: string, pool: pg.Pool): Promise<Caller[]> {
  const client = async (tenant_id: string, role: Role) =>
    root.call<{ id: string; secret: string }>('POST', '/api/v1/clients', { tenant_id, name: `A ${role}`, role })
  const caller = async (name: string, tenant: string, role: Role, strangers: readonly Stranger[]): Promise<Caller> => ({
    name,
    who: withHeaders(createVisitor(origin), {
      authorization: await authorizationOf(origin, await client(tenant, role)),
    }),
    strangers,
  })
  const idsAt = async (tenant: string, role: Role, sellers: readonly string[]): Promise<Ids> => {
    const { id: user } = await root.call<{ id: string }>('POST', '/api/2/users', {
      tenant_id: tenant,
      login: `user-${newId()}`,
      contact: { email: `${newId()}@torture.example` },
    })
    const { id } = await client(tenant, role)
    return { ...(await thingsOf(pool, sellers)), user, client: id, tenant, account: tenant, customer: tenant }
  }
  const sibling = { name: 'a sibling', ids: await idsAt(tree.northwind, 'partner_admin', [tree.northwind]) }
  const cousin = { name: 'a sibling’s customer', ids: await idsAt(tree.contoso, 'company_admin', [tree.northwind]) }
  const ancestor = { name: 'an ancestor', ids: await idsAt(tree.upper, 'partner_admin', [tree.upper, tree.root]) }
  const provider = { name: 'its provider', ids: await idsAt(tree.own, 'partner_admin', [tree.own]) }
  const beside = { name: 'another customer', ids: await idsAt(tree.beside, 'company_admin', [tree.own]) }
  const outside = [sibling, cousin, ancestor]
  return [
    await caller('a reseller', tree.own, 'partner_admin', outside),
    await caller('a reader', tree.own, 'readonly_admin', outside),
    await caller('a customer', tree.below, 'company_admin', [...outside, provider, beside]),
  ]
}

const pathOf = async (pool: pg.Pool, id: string): Promise<string> =>
  (await pool.query<{ path: string }>('select path::text from tenants where id = $1', [id])).rows[0]?.path ?? ''

interface Comparison {
  readonly operation: Operation
  readonly who: Visitor
  readonly stranger: Stranger
  readonly secrets: ReadonlySet<string>
  readonly tally: Tally
  readonly about: string
}

async function compare({ operation, who, stranger, secrets, tally, about }: Comparison): Promise<void> {
  const unknown = newId<TenantId>()
  const ask = async (ids: Ids): Promise<Answer<string>> => {
    const { url, body } = requestOf(operation, ids, unknown)
    for (;;) {
      const answer = await who.request<string>(operation.method, url, body)
      if (answer.status !== 429) return answer
      // Thousands of questions come faster than a client may ask.
      await sleep(1_000 * Number(answer.headers.get('retry-after') ?? 1))
    }
  }
  const foreign = await ask(stranger.ids)
  const numbers = Object.entries(stranger.ids).filter(([, id]) => /^\d+$/.test(id))
  const missing = await ask(Object.fromEntries(numbers.map(([kind]) => [kind, NO_NUMBER])))
  const text = JSON.stringify(foreign.body)
  if (foreign.status >= 500) tally.problem('wrong', `${about} answers ${foreign.status}: ${text.slice(0, 200)}`)
  const known = new Set(Object.values(stranger.ids))
  for (const secret of secrets)
    if (!known.has(secret) && text.includes(secret)) tally.problem('leaked', `${about} tells ${secret}`)
  const sent = [...known, unknown, NO_NUMBER]
  if (foreign.status !== missing.status || told(foreign, sent) !== told(missing, sent))
    tally.problem(
      'leaked',
      `${about} answers ${foreign.status} ${text.slice(0, 200)}, and ${missing.status} to what does not exist`,
    )
}

/** Without what differs between two requests by nature. */
const told = ({ body }: Answer, sent: readonly string[]): string =>
  sent
    .reduce((rest, id) => rest.replace(new RegExp(`(?<![\\w-])${id}(?![\\w-])`, 'g'), 'ID'), JSON.stringify(body))
    .replace(/"request_id":"[^"]+"/g, '')
    .replace(/"(timestamp|created_at|updated_at)":"[^"]+"/g, '')

import type { Client } from 'pg'
import { DEFAULT_SETTINGS } from '../src/branding/rules.ts'
import type { ClaimResult, Effort } from './claim.ts'
import { idOf, sqlIdOf } from './data.ts'
import { headersOf, startLimitServer } from './limit.ts'
import { ask } from './loader.ts'
import { against, inTurns, loadAndAccount } from './measure.ts'
import { post } from './server.ts'
import { openUsageBench, type UsageBench } from './usage.ts'
import { USAGE_NAMES } from './usage-data.ts'

const CALLERS = 32
const OURS = 0
const PASSWORDLESS = 'buyers sign in by tokens here'

/**
 * Measures the claim `upsell`: `GET /api/v1/alerts` of buyers with five quotas that ran out, each with the token that a
 * console has. Limit: a bare `node:http` server that sends the same bytes after one prepared SELECT by primary key.
 */
export async function measureUpsell(effort: Effort): Promise<ClaimResult[]> {
  const bench = await openUsageBench(effort)
  const { server, client, connectionString } = bench
  const buyers = Math.min(100, effort.usageTenants)
  await writeBuyers(client, bench.firstAccount, buyers)
  const requests: Buffer[] = []
  for (let n = 0; n < buyers; n++) requests.push(await readAlertsRequest(bench, n))
  const example = await ask(server.port, requests[0] ?? Buffer.alloc(0))
  const { items } = JSON.parse(example.body.toString()) as { items: { action: { kind: string } }[] }
  if (items.length !== USAGE_NAMES.length || items.some(({ action }) => action.kind !== 'buy_now'))
    throw new Error(`Not five alerts with a link: ${example.body.toString()}`)
  const limit = await startLimitServer(
    { status: 200, headers: headersOf(example.head), body: example.body.toString('base64') },
    {
      connectionString,
      text: 'select id, name, version from tenants where id = $1',
      value: idOf('account', bench.firstAccount),
    },
  )
  let turn = 0
  const side = (target: { port: number; pid: number }) => () =>
    loadAndAccount(target.pid, {
      port: target.port,
      connections: CALLERS,
      durationMs: effort.roundMs,
      status: 200,
      next: () => requests[turn++ % buyers] as Buffer,
    })
  const pairs = await inTurns(effort.rounds, side(server), side(limit))
  return [against('upsell', 0.6, `alerts of ${buyers} buyers with five items each`, pairs)]
}

/** A buyer and administrator in each of the first accounts, every quota of whom is far exceeded, below a brand with a Buy URL. */
export async function writeBuyers(client: Client, firstAccount: number, count: number): Promise<void> {
  const seller = idOf('seller', OURS)
  const accounts = `generate_series(${firstAccount}, ${firstAccount + count - 1}) as a`
  const user = sqlIdOf('user', 'a')
  const account = sqlIdOf('account', 'a')
  const brand = { ...DEFAULT_SETTINGS, upsell_url: 'https://shop.bench.example/buy' }
  for (const statement of [
    `insert into brands (tenant_id, enabled, settings, updated_at)
     values ('${seller}', true, '${JSON.stringify(brand)}', now())`,
    `insert into users (seller_id, id, number, tenant_id, login, email, business_types, password_hash, created_at, updated_at)
     select '${seller}', ${user}, 900000000 + a, ${account}, 'buyer-' || a, 'buyer-' || a || '@bench.example', '{buyer}', '${PASSWORDLESS}', now(), now() from ${accounts}`,
    `insert into logins (login, email, seller_id, user_id) select login, email, seller_id, id from users where seller_id = '${seller}'`,
    `insert into access_policies (seller_id, id, user_id, tenant_id, role_id, created_at)
     select '${seller}', gen_random_uuid(), ${user}, ${account}, 'company_admin', now() from ${accounts}`,
  ])
    await client.query(statement)
}

/** Exceeds all quotas of a buyer's tenant, and makes the request with their token. */
export async function readAlertsRequest(
  { server, token, firstAccount }: Pick<UsageBench, 'server' | 'token' | 'firstAccount'>,
  n: number,
): Promise<Buffer> {
  const authorization = `Authorization: Bearer ${token}\r\n`
  const events = USAGE_NAMES.map((usageName) => ({
    specversion: '1.0',
    type: 'usage',
    source: '/exceeded',
    id: `${n}-${usageName}`,
    subject: idOf('account', firstAccount + n),
    time: new Date().toISOString(),
    data: { usage_name: usageName, value: 2_000_000_000_000 },
  }))
  const type = 'application/cloudevents-batch+json'
  await ask(server.port, post(server.port, '/api/v1/usage', type, JSON.stringify(events), authorization))
  const wanted = JSON.stringify({ user_id: idOf('user', firstAccount + n) })
  const { body } = await ask(
    server.port,
    post(server.port, '/api/v1/user-tokens', 'application/json', wanted, authorization),
  )
  const minted = JSON.parse(body.toString()) as { token?: string }
  if (!minted.token) throw new Error(`No token for a buyer: ${body.toString()}`)
  return Buffer.from(
    `GET /api/v1/alerts HTTP/1.1\r\nHost: localhost:${server.port}\r\nAuthorization: Bearer ${minted.token}\r\n\r\n`,
  )
}

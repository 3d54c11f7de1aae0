import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { openApplication } from '../../test/harness/application.ts'
import { testDatabase } from '../../test/harness/database.ts'
import { SIGN_INS } from '../demonstration/index.ts'

const HOW_MANY = 100_000
/** What one part of a plan may read for a page of 200: the page, and what a search has to look at twice. */
const ABOUT_A_PAGE = 1_000
/** Where most of all is found, or what is looked for is a letter or two: as much as there is, by an index. */
const ALL_BY_INDEX = Number.POSITIVE_INFINITY

interface Plan {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

const database = await testDatabase()
const setup = new pg.Client({ connectionString: database.connectionString })
await setup.connect()
// Each plan that the server takes from here on comes back as a notice, with how many rows each part of it gave.
const alter = async (setting: string): Promise<void> => {
  await setup.query(
    `do $$ begin execute format('alter database %I set ${setting}', current_database()); end $$`.replaceAll("''", "'"),
  )
}
await alter('session_preload_libraries = auto_explain')
for (const setting of ['log_min_duration = 0', 'log_level = notice', 'log_format = json', 'log_analyze = on'])
  await alter(`auto_explain.${setting}`)
const plans: Plan[] = []
database.pool.on('connect', (client) =>
  client.on('notice', ({ message }) => {
    const json = /plan:\s*(\{.*\})\s*$/s.exec(message ?? '')?.[1]
    if (json) plans.push((JSON.parse(json) as { Plan: Plan }).Plan)
  }),
)
const app = await openApplication(database)
await setup.query(`
  insert into tenants (id, number, parent_id, seller_id, kind, name, path, access_path, language, created_at, updated_at)
  select gen_random_uuid(), 100000 + n, r.id, r.seller_id, 'customer', 'Customer ' || n, r.path || (100000 + n)::text, r.path,
         'en', '2026-01-01', '2026-01-01'
    from tenants r, generate_series(1, ${HOW_MANY}) n where r.kind = 'root'`)
await setup.query('analyze tenants')
await setup.end()
const operator = app.caller()
await operator.signIn(SIGN_INS.operator)

const parts = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(parts)]
/** How the table was read: what of it is no look into an index, or one into more than it should be. */
const wrongIn = (taken: readonly Plan[], mostRows: number): string[] =>
  taken.flatMap(parts).flatMap((part) => {
    const rows = part['Actual Rows'] + (part['Rows Removed by Filter'] ?? 0)
    const isWhole = part['Node Type'] === 'Seq Scan' && part['Relation Name'] === 'tenants'
    return isWhole || rows > mostRows ? [`${part['Node Type']}, ${rows} rows`] : []
  })

type Page = { readonly items: { readonly name: string; readonly id: string }[]; readonly next_cursor: string }
async function page(query: string, mostRows = ABOUT_A_PAGE): Promise<Page> {
  plans.length = 0
  const { status, body, text } = await operator.send('GET', `/api/v1/tenants?${query}`)
  assert.equal(status, 200, text)
  assert.ok(
    plans.some((plan) => parts(plan).some((part) => part['Relation Name'] === 'tenants')),
    'plans are seen',
  )
  assert.deepEqual(wrongIn(plans, mostRows), [], query)
  return body as never
}

for (const sort of ['', 'name', '-name', 'kind', '-kind', 'number', '-number'])
  test(`a level of 100,000, and a search in all, are read a page at a time by an index: ${sort || 'as they came'}`, async () => {
    for (const [search, mostRows] of [
      ['', ABOUT_A_PAGE],
      ['&query=cust', ALL_BY_INDEX],
    ] as const) {
      const wish = `limit=200${sort && `&sort=${sort}`}${search}`
      const first = await page(wish, mostRows)
      const second = await page(`${wish}&cursor=${first.next_cursor}`, mostRows)
      assert.equal(new Set([...first.items, ...second.items].map(({ id }) => id)).size, 400)
    }
    const wish = `limit=50${sort && `&sort=${sort}`}`
    for (const number of ['query=Customer%2077777', 'query=177777'])
      assert.deepEqual(
        (await page(`${wish}&${number}`)).items.map(({ name }) => name),
        ['Customer 77777'],
      )
    assert.deepEqual((await page(`${wish}&query=nothing`)).items, [])
    for (const short of ['zz', 'q']) assert.deepEqual((await page(`${wish}&query=${short}`, ALL_BY_INDEX)).items, [])
  })

test('a part of a name finds it, one letter or two the words that begin with them', async () => {
  const names = async (query: string): Promise<string[]> =>
    (await page(`query=${query}`, ALL_BY_INDEX)).items.map(({ name }) => name)
  assert.deepEqual(await names('ntoso'), ['Contoso Dental'])
  assert.deepEqual(await names('de'), ['Contoso Dental'])
  assert.deepEqual(await names('nt'), [])
  assert.deepEqual(await names('%25'), [])
})

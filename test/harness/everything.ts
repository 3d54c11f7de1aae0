import pg from 'pg'
import { tables } from '../../src/platform/schema-manifest.ts'

/** What looking and signing in leave behind, and the log of what was sent; no part of what a request changes. */
const TRACES: ReadonlySet<string> = new Set([
  'schema_migrations',
  'sessions',
  'idempotency_keys',
  'revoked_tokens',
  'link_visits',
  'manager_visits',
  'upsell_shown',
  'deliveries',
  'delivery_attempts',
  'audit_log',
])

/** When the clock looks at what runs next: it settles that within a minute by itself. */
const rowOf = (table: string): string => (table === 'subscriptions' ? "(to_jsonb(t) - 'due_at')::text" : 't::text')

/** A sign-in that is sent again comes from another browser than ever before, and is mailed. */
const NO_TRACE = `where purpose <> 'new_browser'`

/** A digest of every row of every table but what looking leaves behind: the same means that nothing changed. */
export async function everything(connectionString: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const found: Record<string, string> = {}
    for (const table of Object.keys(tables).filter((name) => !TRACES.has(name))) {
      const { rows } = await client.query(
        `select count(*) || ' ' || coalesce(md5(string_agg(${rowOf(table)}, ',' order by ${rowOf(table)})), '') as digest from ${table} t ${table === 'mails' ? NO_TRACE : ''}`,
      )
      found[table] = rows[0].digest
    }
    return found
  } finally {
    await client.end()
  }
}

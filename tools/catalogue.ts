import type pg from 'pg'
import type { TableKind } from '../src/platform/schema-manifest.ts'

export type Manifest = Readonly<Record<string, TableKind>>

/** A shard's number is appended on a cluster, and PostgreSQL cuts names at 63 characters. */
const MAX_NAME_LENGTH = 50

interface ForeignKey {
  readonly table: string
  readonly target: string
  readonly name: string
  readonly columns: string[]
  readonly targets: string[]
  readonly onDelete: string
}

/**
 * Holds a migrated database against the schema rules of docs/adr/0003-schema-rules.md (public schema; partitions count
 * as their parent, graphile-worker keeps its own schema).
 *
 * @returns One line a finding.
 */
export async function lintCatalogue(pool: pg.Pool, manifest: Manifest): Promise<string[]> {
  const findings = await Promise.all([
    listed(pool, manifest),
    sellerColumns(pool, manifest),
    uniqueKeys(pool, manifest),
    foreignKeys(pool, manifest),
    columns(pool, manifest),
    triggers(pool),
    longNames(pool),
  ])
  return findings.flat().sort()
}

async function listed(pool: pg.Pool, manifest: Manifest): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  )
  const found = new Set(rows.map(({ name }) => name))
  if (found.size === 0) return ['no table found']
  const extra = [...found].filter((name) => !(name in manifest)).map((name) => `${name}: is not in the manifest`)
  const gone = Object.keys(manifest).filter((name) => !found.has(name))
  return [...extra, ...gone.map((name) => `${name}: is in the manifest but not in the database`)]
}

async function sellerColumns(pool: pg.Pool, manifest: Manifest): Promise<string[]> {
  const { rows } = await pool.query<{ name: string; good: boolean }>(
    `select c.relname as name,
            exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'seller_id'
                       and a.atttypid = 'uuid'::regtype and a.attnotnull) as good
       from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  )
  return rows
    .filter(({ name, good }) => manifest[name] === 'distributed' && !good)
    .map(({ name }) => `${name}: distributed, but has no seller_id uuid not null`)
}

async function uniqueKeys(pool: pg.Pool, manifest: Manifest): Promise<string[]> {
  const { rows } = await pool.query<{ table: string; name: string; first: string | null; primary: boolean }>(
    `select c.relname as table, i.indexrelid::regclass::text as name, a.attname as first, i.indisprimary as primary
       from pg_class c
       left join pg_index i on i.indrelid = c.oid and (i.indisunique or i.indisexclusion)
       left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
  )
  const keyless = new Set(rows.map(({ table }) => table))
  for (const { table, primary } of rows) if (primary) keyless.delete(table)
  const wrong = rows.filter(
    ({ table, name, first }) => manifest[table] === 'distributed' && name && first !== 'seller_id',
  )
  return [
    ...[...keyless].map((table) => `${table}: has no primary key`),
    ...wrong.map(({ table, name }) => `${table}: key ${name} does not start with seller_id`),
  ]
}

async function foreignKeys(pool: pg.Pool, manifest: Manifest): Promise<string[]> {
  const { rows } = await pool.query<ForeignKey>(
    `select c.relname as table, t.relname as target, k.conname as name, k.confdeltype as "onDelete",
            array(select a.attname::text from unnest(k.conkey) with ordinality u(n, i)
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.i) as columns,
            array(select a.attname::text from unnest(k.confkey) with ordinality u(n, i)
                    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.i) as targets
       from pg_constraint k
       join pg_class c on c.oid = k.conrelid
       join pg_class t on t.oid = k.confrelid
      where k.contype = 'f' and k.conparentid = 0 and c.relnamespace = 'public'::regnamespace`,
  )
  return rows.flatMap((key) =>
    judgeForeignKey(key, manifest).map((what) => `${key.table}: foreign key ${key.name} ${what}`),
  )
}

function judgeForeignKey(key: ForeignKey, manifest: Manifest): string[] {
  const [from, to] = [manifest[key.table], manifest[key.target]]
  if (!from || !to) return []
  const problems: string[] = []
  if (to === 'distributed' && from !== 'distributed') problems.push(`leads from a ${from} table to a distributed one`)
  if (to === 'local' && from !== 'local') problems.push(`leads from a ${from} table to a local one`)
  if (from === 'distributed' && to === 'distributed') {
    const index = key.columns.indexOf('seller_id')
    if (index === -1 || key.targets[index] !== 'seller_id') problems.push('does not carry seller_id')
  }
  if (from === 'distributed' && (key.onDelete === 'n' || key.onDelete === 'd')) problems.push('sets values on delete')
  return problems
}

async function columns(pool: pg.Pool, manifest: Manifest): Promise<string[]> {
  const { rows } = await pool.query<{ table: string; name: string; type: string; generated: boolean }>(
    `select c.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
            a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval(%', false) as generated
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
  )
  return rows.flatMap(({ table, name, type, generated }) => [
    ...(generated && manifest[table] === 'distributed'
      ? [`${table}.${name}: numbers itself; ids come from the application`]
      : []),
    ...(type.startsWith('timestamp without') ? [`${table}.${name}: a time without a zone is no instant`] : []),
    ...(/^(real|double precision|money)$/.test(type) ? [`${table}.${name}: ${type} loses digits`] : []),
  ])
}

async function triggers(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ table: string; name: string }>(
    `select tgrelid::regclass::text as table, tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not tgisinternal and c.relnamespace = 'public'::regnamespace`,
  )
  return rows.map(({ table, name }) => `${table}: trigger ${name}; the application writes what follows`)
}

/** Constraints by their tables: a cluster's shards are no tables of `pg_class`, and carry their number already. */
async function longNames(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select distinct name from (
       select conname::text as name from pg_constraint join pg_class c on c.oid = conrelid
        where connamespace = 'public'::regnamespace
       union all
       select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'i', 'I')
     ) names where length(name) > $1`,
    [MAX_NAME_LENGTH],
  )
  return rows.map(({ name }) => `${name}: a name of ${name.length} characters, more than ${MAX_NAME_LENGTH}`)
}

import type { Pool } from 'pg'
import { newId, type TenantId } from '../../src/kernel/ids.ts'

type Json = Record<string, unknown>

/** An operation of `/openapi.json`. */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Json }[]
  readonly body: Json | undefined
  /** Anyone may call it: there is no caller whose rights could be passed over. */
  readonly isPublic: boolean
}

export function operationsOf(document: unknown): Operation[] {
  const { paths } = document as { paths: Record<string, Record<string, Json>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const security = (operation['security'] ?? []) as object[]
      const content = (operation['requestBody'] as { content?: Record<string, { schema: Json }> } | undefined)?.content
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: (operation['parameters'] ?? []) as Operation['parameters'],
        body: content?.['application/json']?.schema,
        isPublic: security.length === 0 || security.some((each) => Object.keys(each).length === 0),
      }
    }),
  )
}

/** What kind of thing a field of an operation names, by its name; undefined: it names none. */
export function kindOf(name: string, path: string): string | undefined {
  if (/^(parent|subtree_root|subtree_root_tenant|tenant|owner)_id$|^tenants?$/.test(name)) return 'tenant'
  // Of these people choose the name.
  if (name === 'connector') return name
  if (name === 'uuids' || name === 'id') return /^\/api\/(?:2|v1)\/([a-z_]+?)s(?:\/|$)/.exec(path)?.[1]
  return /^(?:switchable_|addon_to_)?([a-z_]+?)_ids?$/.exec(name)?.[1]
}

/** Ids by kind. A kind that is missing gets one that nothing has. */
export type Ids = Readonly<Record<string, string>>

/** A request that passes its schemas, with `ids` wherever it names something. */
export function requestOf(operation: Operation, ids: Ids, unknown: string): { url: string; body: Json | undefined } {
  const { path } = operation
  const value = (name: string, schema: Json): unknown => {
    const kind = kindOf(name, path)
    return kind === undefined ? sample(schema, (inner) => value(inner, {})) : (ids[kind] ?? unknown)
  }
  const url = path.replace(/\{(\w+)\}/g, (_match, name: string) => String(value(name, { type: 'string' })))
  const query = new URLSearchParams()
  for (const { name, in: place, schema } of operation.parameters) {
    // One of several ways to ask is enough; the first that names something.
    if (place !== 'query' || (kindOf(name, path) === undefined && name !== 'version' && name !== 'text')) continue
    if (kindOf(name, path) !== undefined && [...query.keys()].some((key) => kindOf(key, path) !== undefined)) continue
    query.set(name, name === 'version' ? '1' : String(value(name, schema)))
  }
  const text = query.toString()
  const body =
    operation.body && (sample(operation.body, (name) => ids[kindOf(name, path) ?? ''] ?? unknown, path) as Json)
  return { url: text === '' ? url : `${url}?${text}`, body }
}

/** The least that a JSON schema takes, and every field that names something. */
function sample(schema: Json, idOf: (name: string) => unknown, path = ''): unknown {
  const properties = schema['properties'] as Record<string, Json> | undefined
  if (properties) {
    const required = new Set((schema['required'] ?? []) as string[])
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([key]) => required.has(key) || kindOf(key, path) !== undefined)
        .map(([key, field]) => [
          key,
          kindOf(key, path) === undefined || field['properties'] !== undefined
            ? sample(field, idOf, path)
            : isList(field)
              ? [idOf(key)]
              : idOf(key),
        ]),
    )
  }
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined
  if (choices) return sample(choices.find(({ type }) => type !== 'null') ?? {}, idOf, path)
  if ('const' in schema) return schema['const']
  const [known] = [...((schema['enum'] ?? []) as unknown[]), ...((schema['examples'] ?? []) as unknown[])]
  if (known !== undefined) return known
  switch (Array.isArray(schema['type']) ? schema['type'][0] : schema['type']) {
    case 'array':
      return [sample((schema['items'] ?? {}) as Json, idOf, path)]
    case 'object':
      return {}
    case 'boolean':
      return true
    case 'integer':
    case 'number':
      return Math.max(1, Number(schema['minimum'] ?? 1))
    default:
      return textOf(schema)
  }
}

const isList = (field: Json): boolean =>
  field['type'] === 'array' || ((field['anyOf'] ?? []) as Json[]).some(({ type }) => type === 'array')

function textOf({ format, pattern }: Json): string {
  if (format === 'uuid') return newId()
  if (format === 'email') return 'someone@example.com'
  if (format === 'date-time') return '2026-03-01T12:00:00Z'
  return typeof pattern === 'string' && pattern.includes('\\d') ? '1' : 'text'
}

interface Table {
  readonly name: string
  readonly columns: ReadonlySet<string>
}

async function tablesOf(pool: Pool): Promise<Table[]> {
  const { rows } = await pool.query<{ name: string; columns: string[] }>(
    `select table_name as name, array_agg(column_name::text) as columns from information_schema.columns
      where table_schema = 'public' group by table_name order by table_name`,
  )
  return rows.map(({ name, columns }) => ({ name, columns: new Set(columns) }))
}

/** One thing of each kind in the books of some sellers, by the singular of its table: `{order: '…', plan: '425'}`. */
export async function thingsOf(pool: Pool, sellerIds: readonly string[]): Promise<Record<string, string>> {
  const things: Record<string, string> = {}
  for (const { name, columns } of await tablesOf(pool)) {
    if (!columns.has('id') || !columns.has('seller_id') || name === 'tenants') continue
    const { rows } = await pool.query<{ id: string }>(
      `select id::text from ${name} where seller_id = any($1::uuid[]) order by id limit 1`,
      [sellerIds],
    )
    if (rows[0]) things[name.replace(/ies$/, 'y').replace(/s$/, '')] = rows[0].id
  }
  const { rows } = await pool.query<{ name: string }>(
    'select name from connectors where seller_id = any($1::uuid[]) limit 1',
    [sellerIds],
  )
  if (rows[0]) things['connector'] = rows[0].name
  return things
}

/** Every UUID that only those outside a subtree know, but for tenants, which stand above or are sent by the test. */
export async function secretsOf(pool: Pool, sellerIds: readonly string[]): Promise<Set<string>> {
  const secrets = new Set<string>()
  for (const { name, columns } of await tablesOf(pool)) {
    if (!columns.has('id') || !columns.has('seller_id') || name === 'tenants') continue
    const { rows } = await pool.query<{ id: string }>(
      `select id::text from ${name} where seller_id = any($1::uuid[]) limit 2000`,
      [sellerIds],
    )
    for (const { id } of rows) if (id.length === 36) secrets.add(id)
  }
  return secrets
}

/** What outsiders have, table by table: equal before and after means that nothing of it was changed. */
export async function fingerprintOf(
  pool: Pool,
  sellerIds: readonly string[],
  inside: { readonly path: string },
): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const { name, columns } of await tablesOf(pool)) {
    const where =
      name === 'tenants'
        ? `not path <@ '${inside.path}'`
        : columns.has('seller_id')
          ? `seller_id = any($1::uuid[])`
          : columns.has('tenant_id')
            ? `tenant_id in (select id from tenants where not path <@ '${inside.path}')`
            : undefined
    // What was shown is counted a moment later, of the first mails here; no request of a stranger names it.
    if (where === undefined || name === 'upsell_shown') continue
    // The relay stamps events by itself.
    const what = name === 'events' ? 'id::text' : `${name}::text`
    const { rows } = await pool.query<{ print: string | null }>(
      `select md5(string_agg(${what}, '|' order by ${what})) as print from ${name} where ${where}`,
      where.includes('$1') ? [sellerIds] : [],
    )
    found[name] = rows[0]?.print ?? ''
  }
  return found
}

/** Why two answers tell whether something of another tenant exists, or tell of it; undefined: they do not. */
export function leakIn(
  foreign: { readonly status: number; readonly text: string },
  missing: { readonly status: number; readonly text: string },
  secrets: Iterable<string>,
): string | undefined {
  if (foreign.status >= 500) return `fails: ${foreign.text}`
  for (const secret of secrets)
    if (foreign.text.includes(secret)) return `tells ${secret}: ${foreign.text.slice(0, 500)}`
  if (foreign.status !== missing.status) return `${foreign.status} where ${missing.status} is due: ${foreign.text}`
  return foreign.text === missing.text
    ? undefined
    : `says “${foreign.text}”, and “${missing.text}” of what is not there`
}

/** Where someone stands towards the caller. */
export interface Stranger {
  readonly name: string
  readonly tenantId: TenantId
  readonly ids: Ids
}

import { sql } from 'kysely'
import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import type { ActorLabel, Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { visibleOrDeleted } from '../tenants/index.ts'

/** Who did something, as far as the reader may know. */
export const KnownActor = z.object({
  kind: z.string().meta({ description: '`user`, `api_client`, `system` or `anonymous`' }),
  id: z.string().nullable().meta({ description: 'Of those you see; null for those above you' }),
  name: z.string().nullable().meta({ description: 'E-mail address of a person, name of an API client' }),
  above: z.boolean().meta({ description: 'A person or program of a tenant above yours: it is not named' }),
})
export type KnownActor = z.output<typeof KnownActor>

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Says who is behind the labels of events and audit entries: people and API clients of the reader's tenant and below by
 * name, those above it only as such. Who is not there any more has an id and no name.
 */
export async function nameActors(
  db: Db,
  reader: Pick<Principal, 'path'>,
  /** Whose things it was done to: people of their sellers and of those above do such things. */
  tenants: readonly TenantId[],
  labels: readonly ActorLabel[],
): Promise<(label: ActorLabel) => KnownActor> {
  const idsOf = (kind: ActorLabel['kind']): string[] => [
    ...new Set(labels.flatMap((label) => (label.kind === kind && label.id ? [label.id] : []))),
  ]
  const [users, clients] = [idsOf('user').filter((id) => UUID.test(id)), idsOf('api_client')]
  const known = new Map([
    ...(users.length === 0 ? [] : await findPeople(db, reader, tenants, users)),
    ...(clients.length === 0 ? [] : await findPrograms(db, reader, clients)),
  ])
  return ({ kind, id = null }) => {
    const name = id === null ? undefined : known.get(`${kind} ${id}`)
    return { kind, id: name === null ? null : id, name: name ?? null, above: name === null }
  }
}

type Found = readonly (readonly [string, string | null])[]

/** By label; null: there is one, whom the reader does not see. One of the reviewed reads over several sellers. */
async function findPeople(
  db: Db,
  reader: Pick<Principal, 'path'>,
  tenants: readonly TenantId[],
  ids: readonly string[],
): Promise<Found> {
  const { rows: sellers } = await sql<{ id: string }>`
    select distinct above.id from tenants own join tenants above on above.path @> own.path
     where own.id = any(${[...new Set(tenants)]}::uuid[]) and above.kind in ('root', 'partner')`.execute(db)
  const { rows } = await sql<{ id: string; name: string | null }>`
    select u.id, case when ${visibleOrDeleted(reader, 't')} then u.email end as name
      from users u join tenants t on t.id = u.tenant_id
     where u.seller_id = any(${sellers.map(({ id }) => id)}::uuid[]) and u.id = any(${[...ids]}::uuid[])`.execute(db)
  return rows.map(({ id, name }) => [`user ${id}`, name])
}

async function findPrograms(db: Db, reader: { readonly path: string }, ids: readonly string[]): Promise<Found> {
  const { rows } = await sql<{ id: string; name: string | null }>`
    select c.id, case when ${visibleOrDeleted(reader, 't')} then c.name end as name
      from api_clients c join tenants t on t.id = c.tenant_id where c.id = any(${[...ids]}::text[])`.execute(db)
  return rows.map(({ id, name }) => [`api_client ${id}`, name])
}

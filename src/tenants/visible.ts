import { type RawBuilder, type SqlBool, sql } from 'kysely'

interface Viewer {
  /** Or an expression that gives it, where a statement reads for several. */
  readonly path: string | RawBuilder<string>
}

/**
 * The condition that every query on behalf of someone carries: a tenant at or below the actor's, and not behind an
 * `ancestral_access = false` that stands between them. What fails it answers as what does not exist.
 *
 * @param alias Name of the `tenants` table in the query.
 */
export const visibleTo = (actor: Viewer, alias = 'tenants'): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${visibleOrDeleted(actor, alias)} and ${sql.ref(`${alias}.deleted_at`)} is null)`

/** The same for what may be deleted: to read what was, and to bring it back. */
export const visibleOrDeleted = (actor: Viewer, alias = 'tenants'): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${sql.ref(`${alias}.path`)} <@ ${actor.path}::ltree and ${sql.ref(`${alias}.access_path`)} @> ${actor.path}::ltree)`

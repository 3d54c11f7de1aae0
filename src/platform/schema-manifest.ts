/**
 * Where each table lives on a cluster: `distributed` by `seller_id`, `reference` on every node, or `local` to the
 * coordinator (jobs, sessions). Every table is listed; the catalogue lint says which is not.
 */
export type TableKind = 'distributed' | 'reference' | 'local'

export const tables: Record<string, TableKind> = {
  audit_log: 'distributed',
  counters: 'distributed',
  events: 'distributed',
  idempotency_keys: 'local',
  mails: 'distributed',
  number_ranges: 'reference',
  schema_migrations: 'local',
  sessions: 'local',
  signing_keys: 'local',
}

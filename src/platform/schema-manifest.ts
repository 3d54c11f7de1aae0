/**
 * Where each table lives on a cluster: `distributed` by `seller_id`, `reference` on every node, or `local` to the
 * coordinator (jobs, sessions). Every table is listed; the catalogue lint says which is not.
 */
export type TableKind = 'distributed' | 'reference' | 'local'

export const tables: Record<string, TableKind> = {
  acceptances: 'distributed',
  access_policies: 'distributed',
  account_classes: 'distributed',
  accounts: 'distributed',
  api_clients: 'reference',
  attributions: 'distributed',
  audit_log: 'distributed',
  brands: 'reference',
  counters: 'distributed',
  domains: 'reference',
  email_tokens: 'distributed',
  events: 'distributed',
  idempotency_keys: 'local',
  link_visits: 'distributed',
  logins: 'reference',
  mails: 'distributed',
  managers: 'reference',
  number_ranges: 'reference',
  schema_migrations: 'local',
  sessions: 'local',
  signing_keys: 'local',
  stores: 'reference',
  tenants: 'reference',
  users: 'distributed',
}

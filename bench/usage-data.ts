import type { Client } from 'pg'
import { createHash } from 'node:crypto'
import { idOf, sqlIdOf } from './data.ts'
import { post } from './server.ts'

/** What each tenant uses, of which five are measured: values of bytes, and counts that come and go. */
export const USAGE_NAMES = ['storage', 'workstations', 'servers', 'vms', 'mobiles'] as const

export const EVENTS_A_BATCH = 500
/** Of every usage and tenant; what the batches report stays below it. */
const QUOTA = 1_000_000_000_000

/** Gives the accounts from `first` on five quotas each. */
export async function writeQuotas(client: Client, seller: number, first: number, count: number): Promise<void> {
  await client.query(
    `insert into quotas (seller_id, tenant_id, usage_name, base, updated_at)
     select $1, ${sqlIdOf('account', 'a')}, name, ${QUOTA}, now() from generate_series($2::integer, $3::integer) as a, unnest($4::text[]) as name`,
    [idOf('seller', seller), first, first + count - 1, USAGE_NAMES],
  )
}

/** One event as CloudEvents have it, and as the row that keeps it. */
interface Event {
  readonly tenantId: string
  readonly usageName: string
  readonly time: string
  readonly id: string
  readonly change: { readonly value: number } | { readonly delta: number }
}

/**
 * Events never sent before: of one tenant after the other, of each usage in turn, storage as values and the rest as
 * changes.
 */
export function createEvents(source: string, firstAccount: number, accounts: number): () => Event[] {
  let n = 0
  return () => {
    const time = new Date().toISOString()
    return Array.from({ length: EVENTS_A_BATCH }, (): Event => {
      const usageName = USAGE_NAMES[n % USAGE_NAMES.length] ?? 'storage'
      // A stride without a common factor: a batch is of many tenants.
      const tenantId = idOf('account', firstAccount + ((n * 7919) % accounts))
      const change = usageName === 'storage' ? { value: 1_000_000 + n } : { delta: 1 }
      return { tenantId, usageName, time, id: `${source}-${n++}`, change }
    })
  }
}

/** The bytes of a request that reports them. */
export function requestOf(port: number, token: string, source: string, events: readonly Event[]): Buffer {
  const body = events.map(({ tenantId, usageName, time, id, change }) => ({
    specversion: '1.0',
    type: 'usage',
    source,
    id,
    subject: tenantId,
    time,
    data: { usage_name: usageName, ...change },
  }))
  const headers = `Authorization: Bearer ${token}\r\n`
  return post(port, '/api/v1/usage', 'application/cloudevents-batch+json', JSON.stringify(body), headers)
}

/** The same as rows for COPY, in the order of `COPIED`. */
export const COPIED =
  'usage_events (seller_id, tenant_id, usage_name, occurred_at, key, delta, value, source, event_id, received_at)'

export function copyLinesOf(seller: number, source: string, events: readonly Event[]): string {
  return events
    .map(({ tenantId, usageName, time, id, change }) => {
      const key = createHash('md5').update(id).digest('hex')
      const [delta, value] = 'delta' in change ? [change.delta, '\\N'] : ['\\N', change.value]
      return [idOf('seller', seller), tenantId, usageName, time, key, delta, value, source, id, time].join('\t')
    })
    .join('\n')
    .concat('\n')
}

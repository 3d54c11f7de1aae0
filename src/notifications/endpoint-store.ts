import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import { byText, byTime, type PageWish, readPage, listing } from '../platform/http/list.ts'
import type { WebhookEndpoint, WebhookId } from './schema.ts'

const COLUMNS = [
  'webhook_endpoints.seller_id as sellerId',
  'webhook_endpoints.id',
  'url',
  'description',
  'event_types as eventTypes',
  'include_resellers as includeResellers',
  'webhook_endpoints.enabled',
  'disabled_reason as disabledReason',
  'previous_until as previousUntil',
  'webhook_endpoints.version',
  'webhook_endpoints.created_at as createdAt',
  'webhook_endpoints.updated_at as updatedAt',
] as const

const endpoints = (db: Db | Tx) => db.selectFrom('webhook_endpoints').select(COLUMNS)

/** Of these sellers, newest first: one of the reviewed reads over several sellers. */
export const WEBHOOK_LISTING = listing('newest', {
  created_at: byTime('createdAt'),
  url: byText('url'),
  status: byText('enabled'),
})

export const listEndpoints = (
  db: Db | Tx,
  sellerIds: readonly SellerId[],
  page: PageWish & { readonly query?: string | undefined },
): ReturnType<typeof readPage<WebhookEndpoint>> => {
  const pattern = `%${(page.query ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const found = endpoints(db)
    .where('seller_id', '=', sql<SellerId>`any(${[...sellerIds]})`)
    .$if(page.query !== undefined, (query) =>
      query.where(sql<boolean>`lower(url || ' ' || description) like ${pattern}`),
    )
  return readPage(db, sql`${found}`, WEBHOOK_LISTING, page)
}

export const findEndpoint = (
  db: Db | Tx,
  sellerIds: readonly SellerId[],
  id: WebhookId,
): Promise<WebhookEndpoint | undefined> =>
  endpoints(db)
    .where('seller_id', '=', sql<SellerId>`any(${[...sellerIds]})`)
    .where('id', '=', id)
    .executeTakeFirst()

/** Its row locked until the transaction ends. */
export const lockEndpoint = (tx: Tx, sellerId: SellerId, id: WebhookId): Promise<WebhookEndpoint | undefined> =>
  endpoints(tx).where('seller_id', '=', sellerId).where('id', '=', id).forUpdate().executeTakeFirst()

/** Those that hear of events at a seller: its own, and of sellers above it that ask for it. */
export const listHearing = (db: Db | Tx, sellerId: SellerId, above: readonly SellerId[]): Promise<WebhookEndpoint[]> =>
  endpoints(db)
    .where('seller_id', '=', sql<SellerId>`any(${[sellerId, ...above]})`)
    .where('enabled', '=', true)
    .where((where) => where.or([where('seller_id', '=', sellerId), where('include_resellers', '=', true)]))
    .orderBy('id')
    .execute()

export interface NewEndpointRow extends Omit<WebhookEndpoint, 'version' | 'previousUntil' | 'updatedAt'> {
  readonly secret: Buffer
}

export async function insertEndpoint(tx: Tx, endpoint: NewEndpointRow): Promise<void> {
  await tx
    .insertInto('webhook_endpoints')
    .values({
      seller_id: endpoint.sellerId,
      id: endpoint.id,
      url: endpoint.url,
      description: endpoint.description,
      event_types: [...endpoint.eventTypes],
      include_resellers: endpoint.includeResellers,
      enabled: endpoint.enabled,
      disabled_reason: endpoint.disabledReason,
      secret: endpoint.secret,
      previous_secret: null,
      previous_until: null,
      created_at: endpoint.createdAt,
      updated_at: endpoint.createdAt,
    })
    .execute()
}

const key = (endpoint: Pick<WebhookEndpoint, 'sellerId' | 'id'>) => (query: ReturnType<typeof updates>) =>
  query.where('seller_id', '=', endpoint.sellerId).where('id', '=', endpoint.id)

const updates = (tx: Db | Tx) => tx.updateTable('webhook_endpoints').set({ version: sql<bigint>`version + 1` })

export async function updateEndpoint(tx: Tx, endpoint: WebhookEndpoint, at: Date): Promise<void> {
  await key(endpoint)(updates(tx))
    .set({
      url: endpoint.url,
      description: endpoint.description,
      event_types: [...endpoint.eventTypes],
      include_resellers: endpoint.includeResellers,
      enabled: endpoint.enabled,
      disabled_reason: endpoint.disabledReason,
      updated_at: at,
    })
    .execute()
}

/** The new secret signs; the one before it too, until then. */
export async function saveSecret(
  tx: Tx,
  endpoint: WebhookEndpoint,
  secret: Buffer,
  previousUntil: Date,
  at: Date,
): Promise<void> {
  await key(endpoint)(updates(tx))
    .set({ secret, previous_secret: sql<Buffer>`secret`, previous_until: previousUntil, updated_at: at })
    .execute()
}

export async function deleteEndpoint(tx: Tx, endpoint: WebhookEndpoint): Promise<void> {
  await tx
    .deleteFrom('webhook_endpoints')
    .where('seller_id', '=', endpoint.sellerId)
    .where('id', '=', endpoint.id)
    .execute()
}

/** What sending needs: where to, and the sealed secrets that sign now, the newest first. */
export async function findReceiver(
  db: Db | Tx,
  sellerId: SellerId,
  id: WebhookId,
  at: Date,
): Promise<{ readonly url: string; readonly secrets: readonly Buffer[] } | undefined> {
  const row = await db
    .selectFrom('webhook_endpoints')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .where('enabled', '=', true)
    .select(['url', 'secret', 'previous_secret', 'previous_until'])
    .executeTakeFirst()
  if (!row) return undefined
  const isOverlap = row.previous_secret !== null && row.previous_until !== null && at < row.previous_until
  return { url: row.url, secrets: isOverlap && row.previous_secret ? [row.secret, row.previous_secret] : [row.secret] }
}

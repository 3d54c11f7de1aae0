import { effectiveBrand } from '../branding/index.ts'
import { newId, type SellerId } from '../kernel/ids.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import type { StoredEvent } from '../platform/events/schema.ts'
import { type NewMail, queueMail } from '../platform/mail/queue-mail.ts'
import { type Tenant, tenantOf } from '../tenants/index.ts'
import { BUILT_IN } from './builtin-handlers.ts'
import { type Context, readContext } from './context-view.ts'
import { insertDelivery, type NewDelivery, setMail } from './delivery-store.ts'
import { listHandlers } from './handler-store.ts'
import { holds, TemplateError } from './liquid.ts'
import { type Look, renderData, renderMessage, renderNotice, templateFor } from './message.ts'
import { insertNotice } from './notice-store.ts'
import { type Reader, readReaders } from './recipients-view.ts'
import { effectiveHandlers } from './rules.ts'
import type { EventHandler } from './schema.ts'
import { webhookBody } from './webhook-body.ts'

/** Where links start, and how a seller is called. */
export interface Places {
  readonly publicUrl: string
  /** Origin of the seller's store; undefined: it has none. */
  originOf(sellerId: SellerId): string | undefined
}

/** What an event's handlers write with. */
export interface Stage {
  readonly event: StoredEvent
  readonly context: Context
  readonly look: Look
}

/** Reads what handlers need of an event. */
export async function readStage(db: Db | Tx, places: Places, event: StoredEvent, seller: Tenant): Promise<Stage> {
  const brand = await effectiveBrand(db, event.tenantId ?? tenantOf(event.sellerId))
  const context = await readContext(db, event, {
    brandName: brand.serviceName,
    sellerName: seller.name,
    storeOrigin: places.originOf(event.sellerId) ?? places.publicUrl,
    publicUrl: places.publicUrl,
  })
  return { event, context, look: { name: brand.serviceName, colour: brand.color ?? '' } }
}

/**
 * Carries out the handlers that apply to an event: those of its seller, delegated ones of sellers above, built-in ones
 * that nobody stands in for. One that fails is in the log and stops no other.
 *
 * @param chain Sellers from the root down to the event's own.
 * @param above Of these, who sees the event: a webhook of someone else hears nothing of it.
 */
export async function runHandlers(
  db: Db,
  places: Places,
  event: StoredEvent,
  { chain, above }: { readonly chain: readonly Tenant[]; readonly above: ReadonlySet<SellerId> },
  at: Date,
): Promise<void> {
  const seller = chain.at(-1)
  if (!seller) return
  const stored = await listHandlers(
    db,
    chain.map((tenant) => tenant.sellerId),
    event.type,
  )
  const ofEvent = BUILT_IN.filter(({ eventType }) => eventType === event.type)
  const handlers = effectiveHandlers([...ofEvent, ...stored], seller.path)
  if (handlers.length === 0) return
  const stage = await readStage(db, places, event, seller)
  for (const handler of handlers) {
    const owner = handler.sellerId ?? event.sellerId
    if (handler.channel === 'webhook' && owner !== event.sellerId && !above.has(owner)) continue
    await carryOut(db, stage, handler, at)
  }
}

async function carryOut(db: Db, stage: Stage, handler: EventHandler, at: Date): Promise<void> {
  try {
    if (!holds(handler.condition, stage.context.variables)) return
  } catch (error) {
    await insertDelivery(db, { ...rowOf(stage, handler, 'condition', at), status: 'failed', error: reasonOf(error) })
    return
  }
  if (handler.channel === 'webhook') return toWebhook(db, stage, handler, at)
  // One transaction, one seller: a notice is of its reader's, a mail of the event's.
  for (const reader of await readReaders(db, handler, stage.event.sellerId, stage.context)) {
    const isCostly = await transaction(db, (tx) => toReader(tx, stage, handler, reader, at))
    // What costs too much for one costs as much for two hundred, and keeps everyone else waiting.
    if (isCostly) return
  }
}

async function toWebhook(db: Db, stage: Stage, handler: EventHandler, at: Date): Promise<void> {
  const row = {
    ...rowOf(stage, handler, handler.endpointId ?? '', at),
    sellerId: handler.sellerId ?? stage.event.sellerId,
    endpointId: handler.endpointId,
  }
  try {
    const data = renderData(handler.templates['en'], stage.context.variables, stage.event.payload)
    await insertDelivery(db, { ...row, body: webhookBody(stage.event, data), status: 'waiting' })
  } catch (error) {
    await insertDelivery(db, { ...row, status: 'failed', error: reasonOf(error) })
  }
}

/** Tells one person, once however often the event is handled. @returns Whether the text costs more than it may. */
export async function toReader(
  tx: Tx,
  stage: Stage,
  handler: EventHandler,
  reader: Reader,
  at: Date,
): Promise<boolean> {
  const row = rowOf(stage, handler, reader.userId ?? reader.email.toLowerCase(), at)
  const { event, context, look } = stage
  try {
    const { template, language } = templateFor(handler.templates, reader.language)
    if (handler.channel === 'panel') {
      if (reader.userId === null) return false
      const { title, body, url } = renderNotice(template, context.variables)
      if (!(await insertDelivery(tx, { ...row, sellerId: reader.sellerId, status: 'delivered' }))) return false
      const whose = { sellerId: reader.sellerId, userId: reader.userId, eventId: event.id, handler: handler.key }
      await insertNotice(tx, { title, body, url, ...whose, id: newId(at.getTime()), createdAt: at })
      return false
    }
    const { subject, html, text } = renderMessage(template, context.variables, { ...reader, language }, look)
    if (!(await insertDelivery(tx, { ...row, status: 'delivered' }))) return false
    const tenantId = event.tenantId ?? tenantOf(event.sellerId)
    const about = {
      sellerId: event.sellerId,
      tenantId,
      subjectOf: event.subject,
      correlationId: event.correlationId,
      at,
    }
    const message = { subject, html, text, to: reader.email, purpose: event.type, attachment: attachmentOf(event) }
    const mailId = await queueMail(tx, { ...about, ...message })
    await setMail(tx, event.sellerId, row.id, mailId)
    return false
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    await insertDelivery(tx, { ...row, status: 'failed', error: error.message })
    return error.isCostly
  }
}

/** A mail that tells of a document carries it. */
function attachmentOf({ type, payload }: StoredEvent): NewMail['attachment'] {
  const id = payload['invoice_id']
  return type.endsWith('.issued') && typeof id === 'string' ? { kind: 'invoice', id } : undefined
}

const rowOf = ({ event }: Stage, handler: EventHandler, whom: string, at: Date): NewDelivery => ({
  sellerId: event.sellerId,
  id: newId(at.getTime()),
  eventId: event.id,
  eventType: event.type,
  subject: event.subject,
  tenantId: event.tenantId,
  channel: handler.channel,
  target: `${handler.key} ${whom}`,
  handler: handler.key,
  endpointId: null,
  body: null,
  status: 'waiting',
  correlationId: event.correlationId,
  at,
})

/** @throws What is no mistake of a template. */
function reasonOf(error: unknown): string {
  if (error instanceof TemplateError) return error.message
  throw error
}

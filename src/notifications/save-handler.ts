import { setImmediate } from 'node:timers/promises'
import { BuylinkError, type Problem } from '../kernel/errors.ts'
import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { isSeller, listAncestorsOrSelf, tenantOf } from '../tenants/index.ts'
import { BUILT_IN } from './builtin-handlers.ts'
import type { EventTypeName } from './catalogue.ts'
import { findEndpoint } from './endpoint-store.ts'
import { deleteHandler, findHandler, insertHandler, listHandlers, lockHandler, updateHandler } from './handler-store.ts'
import { holds, renderText, TemplateError } from './liquid.ts'
import type { Channel, EventHandler, HandlerId, Recipient, Templates, WebhookId } from './schema.ts'
import { ownerFor, sellersOf } from './sellers.ts'

export interface HandlerInput {
  readonly name: string
  readonly eventType: EventTypeName
  readonly channel: Channel
  readonly recipients: readonly Recipient[]
  readonly addresses: readonly string[]
  readonly webhookId: WebhookId | null
  readonly condition: string
  readonly templates: Templates
  readonly enabled: boolean
  readonly delegated: boolean
}

/** Every handler there is for a seller: built in, of those above, its own; from the top down. */
export async function handlersAt(db: Db | Tx, sellerTenantId: TenantId): Promise<EventHandler[]> {
  const chain = (await listAncestorsOrSelf(db, sellerTenantId)).filter(({ kind }) => isSeller(kind))
  const last = chain.at(-1)
  const stored = await listHandlers(
    db,
    chain.map(({ sellerId }) => sellerId),
  )
  // What those above keep to themselves is no one else's business.
  return [...BUILT_IN, ...stored.filter(({ sellerId, delegated }) => sellerId === last?.sellerId || delegated)]
}

/** @throws {BuylinkError} `not_found`, also for what others have. */
export async function getHandler(db: Db | Tx, actor: Principal, key: string): Promise<EventHandler> {
  const found =
    BUILT_IN.find((handler) => handler.key === key) ??
    (isUuid(key) ? await findHandler(db, await sellersOf(db, actor), key) : undefined) ??
    (await handlersAt(db, tenantOf(actor.sellerId))).find((handler) => handler.key === key)
  if (!found) throw new BuylinkError('not_found', 'There is no such event handler.')
  return found
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/**
 * Adds a handler, or one that stands in for a built-in one or one of those above.
 *
 * @throws {BuylinkError} `invalid_request`: what cannot work, all of it at once; `conflict`: an override is there already.
 */
export async function createHandler(
  db: Db,
  clock: Clock,
  actor: Principal,
  input: HandlerInput & { readonly overrides: string | null; readonly tenantId?: TenantId | undefined },
): Promise<EventHandler> {
  return transaction(db, async (tx) => {
    const owner = await ownerFor(tx, actor, input.tenantId)
    const at = clock.now()
    if (input.overrides !== null) {
      const stood = (await handlersAt(tx, owner.id)).find(({ key }) => key === input.overrides)
      if (!stood || stood.sellerId === owner.sellerId)
        throw new BuylinkError('unprocessable', 'There is no such handler above to stand in for.')
      if (stood.eventType !== input.eventType || stood.channel !== input.channel)
        throw new BuylinkError('unprocessable', 'It keeps the event and the channel of what it stands in for.')
    }
    const handler: EventHandler = {
      ...fieldsOf(input),
      sellerId: owner.sellerId,
      key: newId<HandlerId>(at.getTime()),
      overrides: input.overrides,
      ownerPath: owner.path,
      version: 1n,
    }
    await assertWorks(tx, handler)
    if (!(await insertHandler(tx, owner.sellerId, handler, at)))
      throw new BuylinkError('conflict', 'You have changed this handler already: edit that one.')
    await note(tx, actor, handler, 'event_handler.create', at)
    return handler
  })
}

/** @throws {BuylinkError} `not_found`, `version_mismatch`, `invalid_request`. */
export async function changeHandler(
  db: Db,
  clock: Clock,
  actor: Principal,
  key: string,
  change: Partial<HandlerInput>,
  expectedVersion: bigint | undefined,
): Promise<EventHandler> {
  return transaction(db, async (tx) => {
    const before = await lock(tx, actor, key, expectedVersion)
    const at = clock.now()
    const { webhookId, ...rest } = change
    const after = { ...before, ...rest, ...(webhookId !== undefined && { endpointId: webhookId }) }
    if (before.overrides !== null && (after.eventType !== before.eventType || after.channel !== before.channel))
      throw new BuylinkError('unprocessable', 'It keeps the event and the channel of what it stands in for.')
    await assertWorks(tx, after)
    await updateHandler(tx, before.sellerId, after, at)
    await note(tx, actor, before, 'event_handler.update', at)
    return getHandler(tx, actor, key)
  })
}

/** What it stood in for applies again. @throws {BuylinkError} `not_found`, `version_mismatch`. */
export async function removeHandler(
  db: Db,
  clock: Clock,
  actor: Principal,
  key: string,
  expectedVersion: bigint | undefined,
): Promise<void> {
  await transaction(db, async (tx) => {
    const handler = await lock(tx, actor, key, expectedVersion)
    await deleteHandler(tx, handler.sellerId, key)
    await note(tx, actor, handler, 'event_handler.delete', clock.now())
  })
}

type OwnHandler = EventHandler & { readonly sellerId: NonNullable<EventHandler['sellerId']> }

async function lock(tx: Tx, actor: Principal, key: string, expectedVersion: bigint | undefined): Promise<OwnHandler> {
  const handler = isUuid(key) ? await findHandler(tx, await sellersOf(tx, actor), key) : undefined
  const version = handler?.sellerId ? await lockHandler(tx, handler.sellerId, key) : undefined
  if (!handler?.sellerId || version === undefined)
    throw new BuylinkError('not_found', 'There is no such event handler of yours: make one that stands in for it.')
  if (expectedVersion !== undefined && expectedVersion !== version)
    throw new BuylinkError('version_mismatch', 'The event handler was changed meanwhile. Load it again.')
  return { ...handler, sellerId: handler.sellerId, version }
}

const fieldsOf = ({ webhookId, ...input }: HandlerInput) => ({
  name: input.name,
  eventType: input.eventType,
  channel: input.channel,
  recipients: input.recipients,
  addresses: input.addresses,
  endpointId: webhookId,
  condition: input.condition,
  templates: input.templates,
  enabled: input.enabled,
  delegated: input.delegated,
})

/** Finds before it is kept what could never be sent. */
async function assertWorks(tx: Tx, handler: EventHandler): Promise<void> {
  const problems: Problem[] = []
  const wrong = (path: string, message: string) => problems.push({ path, code: 'invalid', message })
  const tryOut = (path: string, work: () => unknown) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      wrong(path, error.message)
    }
  }
  tryOut('condition', () => holds(handler.condition, {}))
  for (const [language, { subject, body }] of Object.entries(handler.templates)) {
    // Each may take its time; others are served in between.
    await setImmediate()
    tryOut(`templates.${language}.subject`, () => renderText(subject, {}))
    tryOut(`templates.${language}.body`, () => renderText(body, {}))
  }
  if (handler.channel === 'webhook') {
    const endpoint = handler.endpointId && handler.sellerId
    if (!endpoint || !(await findEndpoint(tx, [handler.sellerId ?? ''], handler.endpointId ?? '')))
      wrong('webhook_id', 'Choose one of your webhooks')
  } else {
    if (handler.endpointId !== null) wrong('webhook_id', 'Only a handler with the channel webhook has one')
    if (Object.keys(handler.templates).length === 0) wrong('templates', 'Write a text in at least one language')
    if (handler.channel === 'panel' && handler.addresses.length > 0)
      wrong('addresses', 'A notice goes to people who sign in: choose recipients')
    if (handler.recipients.length + handler.addresses.length === 0) wrong('recipients', 'Choose who is told')
  }
  if (problems.length > 0)
    throw new BuylinkError('invalid_request', 'The event handler cannot work like this.', { problems })
}

const note = (tx: Tx, actor: Principal, handler: EventHandler, action: string, at: Date) => {
  const sellerId = handler.sellerId ?? actor.sellerId
  return audit(tx, {
    sellerId,
    subject: { kind: 'event_handler', id: handler.key },
    tenantId: tenantOf(sellerId),
    actor,
    correlationId: actor.correlationId,
    at,
    action,
  })
}

import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import { newId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { getTenant, tenantOf } from '../tenants/index.ts'
import { findUser } from '../users/index.ts'
import type { EventTypeName } from './catalogue.ts'
import { findEvent, listPastEvents } from './event-view.ts'
import { holds, TemplateError } from './liquid.ts'
import { listVariables, type NamedValue } from './list-variables.ts'
import type { Parts } from './markup.ts'
import { renderData, renderMessage, renderNotice, templateFor } from './message.ts'
import { type Places, readStage, type Stage, toReader } from './run-handlers.ts'
import { sampleEvent, withSample } from './sample.ts'
import { getHandler } from './save-handler.ts'
import type { Channel, Templates } from './schema.ts'
import { sellersOf } from './sellers.ts'
import { webhookBody } from './webhook-body.ts'

export interface PreviewInput {
  readonly eventType: EventTypeName
  readonly channel: Channel
  readonly condition: string
  readonly templates: Templates
  readonly language: string
  /** Undefined: the newest of its type, else a made-up one. */
  readonly eventId?: string | undefined
}

export interface Preview {
  /** null: made up, since none has happened. */
  readonly event: { readonly id: string; readonly at: Date } | null
  /** Whether the condition holds for it. */
  readonly matches: boolean
  readonly subject: string | null
  readonly html: string | null
  /** The text part, the notice's text, or the JSON of a webhook. */
  readonly text: string | null
  /** The same taken apart, to be drawn; null for a webhook. */
  readonly parts: Parts | null
  /** What is wrong with condition or text; null: nothing. */
  readonly problem: string | null
  /** What condition and text may say of this event. */
  readonly variables: NamedValue[]
}

/** What a handler would send for a past event, without sending it. @throws {BuylinkError} `not_found`: no such event. */
export async function previewHandler(
  db: Db,
  clock: Clock,
  places: Places,
  actor: Principal,
  input: PreviewInput,
): Promise<Preview> {
  const { stage, isReal } = await stageFor(db, clock, places, actor, input)
  const event = isReal ? { id: stage.event.id, at: stage.event.at } : null
  const variables = listVariables(stage.context.variables)
  const nothing = {
    event,
    matches: false,
    subject: null,
    html: null,
    text: null,
    parts: null,
    problem: null,
    variables,
  }
  try {
    const matches = holds(input.condition, stage.context.variables)
    return { ...nothing, matches, ...render(stage, input) }
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return { ...nothing, problem: error.message }
  }
}

function render(stage: Stage, { channel, templates, language }: PreviewInput) {
  const { variables } = stage.context
  if (channel === 'webhook') {
    const data = renderData(Object.values(templates)[0], variables, stage.event.payload)
    return {
      subject: null,
      html: null,
      parts: null,
      text: JSON.stringify(JSON.parse(webhookBody(stage.event, data)), null, 2),
    }
  }
  const chosen = templateFor(templates, language)
  if (channel === 'panel') {
    const { title, body, parts } = renderNotice(chosen.template, variables)
    return { subject: title, html: null, text: body, parts }
  }
  const reader = { why: 'staff' as const, name: 'Alex Reader', email: 'alex@example.com', language: chosen.language }
  return renderMessage(chosen.template, variables, reader, stage.look)
}

async function stageFor(
  db: Db,
  clock: Clock,
  places: Places,
  actor: Principal,
  { eventType, eventId }: Pick<PreviewInput, 'eventType' | 'eventId'>,
): Promise<{ readonly stage: Stage; readonly isReal: boolean }> {
  const sellers = await sellersOf(db, actor)
  const [found] =
    eventId === undefined
      ? await listPastEvents(db, sellers, eventType, 1)
      : [await findEvent(db, sellers, eventId)].filter((event) => event?.type === eventType)
  if (eventId !== undefined && !found) throw new BuylinkError('not_found', 'There is no such event.')
  const event = found ?? sampleEvent(eventType, actor.sellerId, clock.now())
  const seller = await getTenant(db, actor, tenantOf(event.sellerId))
  const stage = await readStage(db, places, event, seller)
  return { stage: found ? stage : withSample(stage), isReal: found !== undefined }
}

/**
 * Sends a mail or notice of the handler to whoever asks, with a past event; nobody else hears of it.
 *
 * @throws {BuylinkError} `not_found`; `conflict`: a webhook's handler, which has its own test; `unprocessable`: the
 * caller is no person, or the text cannot be rendered.
 */
export async function testHandler(
  db: Db,
  clock: Clock,
  places: Places,
  actor: Principal,
  key: string,
  eventId: string | undefined,
): Promise<void> {
  const handler = await getHandler(db, actor, key)
  if (handler.channel === 'webhook')
    throw new BuylinkError('conflict', 'Send a test from the webhook itself: it shows what its receiver answers.')
  const user = actor.kind === 'user' ? await findUser(db, actor.sellerId, actor.id) : undefined
  if (!user) throw new BuylinkError('unprocessable', 'A test goes to the person who asks for it: sign in.')
  const preview = await previewHandler(db, clock, places, actor, { ...handler, language: user.language, eventId })
  if (preview.problem !== null) throw new BuylinkError('unprocessable', preview.problem)
  const { stage } = await stageFor(db, clock, places, actor, { eventType: handler.eventType, eventId })
  const at = clock.now()
  // Of no event that happened, so that it is sent again each time, and of the reader's own seller.
  const event = { ...stage.event, id: newId(at.getTime()), sellerId: actor.sellerId }
  const name = `${user.firstName} ${user.lastName}`.trim()
  const reader = {
    why: 'staff' as const,
    sellerId: user.sellerId,
    userId: user.id,
    email: user.email,
    name,
    language: user.language,
  }
  await transaction(db, (tx) => toReader(tx, { ...stage, event }, handler, reader, at))
}

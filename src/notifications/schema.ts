import { type ColumnType, type Generated } from 'kysely'
import { z } from 'zod'
import type { CorrelationId, SellerId, TenantId, UserId } from '../kernel/ids.ts'
import { EVENT_NAMES, type EventTypeName } from './catalogue.ts'

export type WebhookId = string
export type HandlerId = string
export type DeliveryId = string

export const Channel = z.enum(['email', 'panel', 'webhook'])
export type Channel = z.infer<typeof Channel>

/**
 * Who a handler tells: the account's sales manager (never a referral partner), the account's administrators and finance,
 * the reseller's.
 */
export const Recipient = z.enum(['manager', 'customer', 'staff'])
export type Recipient = z.infer<typeof Recipient>

export const DeliveryStatus = z.enum(['waiting', 'delivered', 'failed', 'cancelled'])
export type DeliveryStatus = z.infer<typeof DeliveryStatus>

/** What a webhook may ask for: an event, or a family such as `order.*`. */
const families = new Set(EVENT_NAMES.map((name) => `${name.split('.')[0]}.*`))
export const EventFilter = z
  .string()
  .refine((name) => families.has(name) || (EVENT_NAMES as string[]).includes(name), 'There is no such event')

/** `subject`: one line; also a notice's title. `body`: see `markup.ts`; for a webhook the JSON of `data`. Liquid, both. */
export const Template = z.object({ subject: z.string().max(1_000), body: z.string().max(50_000) })
export type Template = z.infer<typeof Template>

const Language = z.string().regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/, 'Must be a language tag such as en')
const MAX_LANGUAGES = 50
export const Templates = z
  .record(Language, Template)
  .refine((templates) => Object.keys(templates).length <= MAX_LANGUAGES, `Write at most ${MAX_LANGUAGES} languages`)
export type Templates = z.infer<typeof Templates>

export interface WebhookEndpoint {
  readonly sellerId: SellerId
  readonly id: WebhookId
  readonly url: string
  readonly description: string
  readonly eventTypes: readonly string[]
  /** Events of resellers below count too. */
  readonly includeResellers: boolean
  readonly enabled: boolean
  /** `gone`: its receiver answered 410. */
  readonly disabledReason: 'gone' | null
  /** Until when the secret before this one signs as well. */
  readonly previousUntil: Date | null
  readonly version: bigint
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What is sent to whom when something happens; of a seller, or built in. */
export interface EventHandler {
  /** null: built in. */
  readonly sellerId: SellerId | null
  /** Of a built-in one its key. */
  readonly key: string
  readonly name: string
  readonly eventType: EventTypeName
  readonly channel: Channel
  readonly recipients: readonly Recipient[]
  readonly addresses: readonly string[]
  readonly endpointId: WebhookId | null
  readonly condition: string
  readonly templates: Templates
  readonly enabled: boolean
  readonly delegated: boolean
  readonly overrides: string | null
  readonly ownerPath: string | null
  readonly version: bigint
}

/** A row of the log. */
export interface Delivery {
  readonly sellerId: SellerId
  readonly id: DeliveryId
  readonly eventId: string
  readonly eventType: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly tenantId: TenantId | null
  readonly channel: Channel
  readonly handler: string | null
  readonly endpointId: WebhookId | null
  readonly mailId: string | null
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly nextTryAt: Date | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly correlationId: CorrelationId
  readonly createdAt: Date
  readonly finishedAt: Date | null
}

type Json<Value> = ColumnType<Value, string, string>

declare module '../platform/db.ts' {
  interface Database {
    webhook_endpoints: {
      seller_id: SellerId
      id: WebhookId
      url: string
      description: string
      event_types: string[]
      include_resellers: boolean
      enabled: Generated<boolean>
      disabled_reason: 'gone' | null
      secret: Buffer
      previous_secret: Buffer | null
      previous_until: Date | null
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
    event_handlers: {
      seller_id: SellerId
      id: HandlerId
      name: string
      event_type: EventTypeName
      channel: Channel
      recipients: Recipient[]
      addresses: string[]
      endpoint_id: WebhookId | null
      condition: string
      templates: Json<Templates>
      enabled: boolean
      delegated: boolean
      overrides: string | null
      version: Generated<bigint>
      created_at: Date
      updated_at: Date
    }
    deliveries: {
      seller_id: SellerId
      id: DeliveryId
      event_id: string
      event_type: string
      subject_kind: string
      subject_id: string
      tenant_id: TenantId | null
      channel: Channel
      /** What makes it one of its event: `endpoint {id}`, `{handler} {whom}`. */
      target: string
      handler: string | null
      endpoint_id: WebhookId | null
      mail_id: string | null
      body: string | null
      status: DeliveryStatus
      attempts: Generated<number>
      tries: Generated<number>
      tried_since: Date
      next_try_at: Date | null
      last_status: number | null
      last_error: string | null
      correlation_id: CorrelationId
      created_at: Date
      finished_at: Date | null
    }
    delivery_attempts: {
      seller_id: SellerId
      delivery_id: DeliveryId
      number: number
      started_at: Date
      duration_ms: number
      status: number | null
      error: string | null
    }
    notices: {
      seller_id: SellerId
      id: string
      user_id: UserId
      event_id: string
      handler: string
      title: string
      body: string
      url: string | null
      created_at: Date
      read_at: Date | null
    }
  }
}

import type { Generated } from 'kysely'
import type { CorrelationId, OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/** What may be asked of a service; all but `activate` are about one that it has served before. */
export type Operation = 'activate' | 'update' | 'stop' | 'resume' | 'delete'

/**
 * What a connector is asked. `id` is the idempotency key: the same id is the same request. `resources` is the whole of
 * what the subscription is to have, so that asking twice changes nothing.
 */
export interface ProvisioningRequest {
  readonly id: string
  readonly operation: Operation
  /** Name of the connector, as the plan says it. */
  readonly connector: string
  /** Rises with each request for a subscription: one below what was served last comes late and is out of date. */
  readonly revision: bigint
  readonly sellerId: SellerId
  /** Of what led here: what the service changes is part of the same story. */
  readonly correlationId: CorrelationId
  readonly subscriptionId: SubscriptionId
  /** The tenant the service is for. */
  readonly tenantId: TenantId
  readonly planId: string
  readonly resources: readonly {
    readonly id: string
    readonly quantity: bigint
    readonly usageName: string | null
    readonly quotaPerUnit: bigint | null
  }[]
}

/**
 * A refusal is final until a person retries; anything thrown is tried again with back-off. `accepted`: the service
 * answers later, by the callback, until the deadline.
 */
export type ProvisioningResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'accepted'; readonly deadlineAt: Date }
  | { readonly kind: 'refused'; readonly message: string }

/** How a service is reached. Asked at least once for each id, so it must recognise one it has served. */
export interface Connector {
  readonly name: string
  perform(request: ProvisioningRequest): Promise<ProvisioningResult>
}

export interface ProvisioningTask {
  readonly sellerId: SellerId
  readonly id: string
  /** Null where time asks and no order. */
  readonly orderId: OrderId | null
  readonly subscriptionId: SubscriptionId
  readonly connector: string
  readonly operation: Operation
  readonly status: 'pending' | 'done' | 'failed'
  readonly attempts: number
  readonly lastError: string | null
  readonly correlationId: CorrelationId
}

/** A seller's service that is asked over HTTPS. `secret` is sealed. */
export interface WebhookConnector {
  readonly sellerId: SellerId
  readonly name: string
  readonly url: string
  readonly secret: Buffer
  readonly deadlineMinutes: number
  /** How often it is asked for what was used; null: it pushes that itself, or nothing is used. */
  readonly pullMinutes: number | null
  /** What went wrong when it was asked last; '' where nothing did. */
  readonly pullFailure: string
}

declare module '../platform/db.ts' {
  interface Database {
    connectors: {
      seller_id: SellerId
      name: string
      url: string
      secret: Buffer
      deadline_minutes: number
      pull_minutes: number | null
      pull_cursor: Generated<string>
      pull_at: Date | null
      pull_failure: Generated<string>
      created_at: Date
      updated_at: Date
    }
    provisioning_tasks: {
      seller_id: SellerId
      id: string
      order_id: OrderId | null
      subscription_id: SubscriptionId
      connector: string
      operation: Operation
      status: 'pending' | 'done' | 'failed'
      attempts: number
      last_error: string | null
      deadline_at: Date | null
      correlation_id: CorrelationId
      created_at: Date
      updated_at: Date
    }
  }
}

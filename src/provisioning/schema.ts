import type { CorrelationId, OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'

/** What a connector is asked to set up. `id` is the idempotency key: the same id is the same request. */
export interface ActivationRequest {
  readonly id: string
  readonly sellerId: SellerId
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

/** A refusal is final until a person retries; anything thrown is tried again with back-off. */
export type ActivationResult = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly message: string }

/** How a service is reached. Asked at least once for each id, so it must recognise one it has served. */
export interface Connector {
  readonly name: string
  activate(request: ActivationRequest): Promise<ActivationResult>
}

export interface ProvisioningTask {
  readonly sellerId: SellerId
  readonly id: string
  readonly orderId: OrderId
  readonly subscriptionId: SubscriptionId
  readonly connector: string
  readonly status: 'pending' | 'done' | 'failed'
  readonly attempts: number
  readonly lastError: string | null
  readonly correlationId: CorrelationId
}

declare module '../platform/db.ts' {
  interface Database {
    provisioning_tasks: {
      seller_id: SellerId
      id: string
      order_id: OrderId
      subscription_id: SubscriptionId
      connector: string
      operation: 'activate'
      status: 'pending' | 'done' | 'failed'
      attempts: number
      last_error: string | null
      correlation_id: CorrelationId
      created_at: Date
      updated_at: Date
    }
  }
}

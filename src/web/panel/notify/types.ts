/** Shapes of `/api/v1` for handlers, webhooks, deliveries and notices, camelCase. */
export type Channel = 'email' | 'panel' | 'webhook'
export type Recipient = 'manager' | 'customer' | 'staff'

export interface Template {
  readonly subject: string
  readonly body: string
}

export interface EventHandler {
  readonly id: string
  readonly tenantId?: string | null
  readonly origin: 'built_in' | 'above' | 'own' | 'below'
  readonly name: string
  readonly eventType: string
  readonly channel: Channel
  readonly recipients: readonly Recipient[]
  readonly addresses: readonly string[]
  readonly webhookId: string | null
  readonly condition: string
  readonly templates: Readonly<Record<string, Template>>
  readonly enabled: boolean
  readonly delegated: boolean
  readonly overrides: string | null
  readonly version: number
}

export interface EventType {
  readonly type: string
  readonly summary: string
}

export interface Preview {
  readonly event: { readonly id: string; readonly at: string } | null
  readonly matches: boolean
  readonly subject: string | null
  readonly text: string | null
  readonly parts: {
    readonly heading: string | null
    readonly paragraphs: readonly string[]
    readonly facts: readonly { readonly label: string; readonly value: string }[]
    readonly button: { readonly label: string; readonly url: string } | null
  } | null
  readonly problem: string | null
  readonly variables: readonly { readonly name: string; readonly value: string }[]
}

export interface Webhook {
  readonly id: string
  readonly url: string
  readonly description: string
  readonly eventTypes: readonly string[]
  readonly includeResellers: boolean
  readonly enabled: boolean
  readonly disabledReason: 'gone' | null
  readonly previousSecretUntil: string | null
  readonly createdAt: string
  readonly version: number
}

export interface Delivery {
  readonly id: string
  readonly eventType: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly channel: Channel
  readonly handler: string | null
  readonly webhookId: string | null
  readonly webhookUrl: string | null
  readonly mailId: string | null
  readonly recipient: string | null
  readonly status: 'waiting' | 'delivered' | 'failed' | 'cancelled'
  readonly attempts: number
  readonly nextTryAt: string | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly createdAt: string
  readonly finishedAt: string | null
}

export interface DeliveryDetails extends Delivery {
  readonly body: string | null
  readonly tries: readonly {
    readonly number: number
    readonly startedAt: string
    readonly durationMs: number
    readonly status: number | null
    readonly error: string | null
  }[]
}

export interface UserNotice {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly url: string | null
  readonly createdAt: string
  readonly readAt: string | null
}

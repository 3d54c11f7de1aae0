/** A service that plans are provisioned by. */
export interface Connector {
  readonly name: string
  readonly url: string
  readonly deadlineMinutes: number
  readonly pullMinutes: number | null
  readonly pullFailure: string
  readonly secret: string | null
}

/** With what names it and what it was asked last. */
export interface ConnectorDetails extends Connector {
  readonly plans: readonly string[]
  readonly plansOutOfSight: number
  readonly subscriptions: number
  readonly requests: readonly ConnectorRequest[]
}

export interface ConnectorRequest {
  readonly id: string
  readonly operation: 'activate' | 'update' | 'stop' | 'resume' | 'delete'
  readonly status: 'pending' | 'done' | 'failed'
  readonly attempts: number
  readonly message: string | null
  readonly subscriptionId: string
  readonly reseller: { readonly id: string; readonly name: string }
  readonly deadlineAt: string | null
  readonly createdAt: string
}

export interface TestAnswer {
  readonly isAnswered: boolean
  readonly message: string
  readonly tookMs: number
}

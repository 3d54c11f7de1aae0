import type { CorrelationId, SellerId, TenantId, UserId } from '../kernel/ids.ts'

/** Who is not signed in. */
export interface Anonymous {
  readonly kind: 'anonymous'
  readonly correlationId: CorrelationId
}

/** Who calls: a signed-in user, an API client, or the system itself (jobs, start-up). */
export interface Principal {
  readonly kind: 'user' | 'api_client' | 'system'
  /** User id, client id, or the job's name. */
  readonly id: string
  readonly tenantId: TenantId
  /** Nearest partner-or-root ancestor-or-self of `tenantId`. */
  readonly sellerId: SellerId
  /** Materialised path (ltree text) of `tenantId`: the caller sees this tenant and what lies below it. */
  readonly path: string
  readonly scopes: ReadonlySet<string>
  readonly roles: readonly string[]
  /** Set for a caller who sees only accounts attributed to this manager (role `sales` alone). */
  readonly onlyManagerId: string | null
  readonly correlationId: CorrelationId
  /** Set for a user who must set up a second factor before anything else, and has no scope until then. */
  readonly owesSecondFactor?: boolean
  /** Set for a user token: the one user whose alerts it reads. */
  readonly forUserId?: UserId
}

export type Actor = Anonymous | Principal

/** The part of an actor that events and the audit log keep. Every `Actor` is one. */
export interface ActorLabel {
  readonly kind: Actor['kind']
  readonly id?: string | null
}

export const actorLabel = (actor: ActorLabel): { kind: string; id: string | null } => ({
  kind: actor.kind,
  id: actor.id ?? null,
})

/** The system acting by itself: a job, a subscriber, start-up. */
export const systemLabel = (name: string): ActorLabel => ({ kind: 'system', id: name })

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { deriveKey } from '../platform/auth/derive-key.ts'
import type { Db } from '../platform/db.ts'
import type { OutboundAnswer } from '../platform/outbound/post.ts'
import type { AskService } from './ask-service.ts'
import { findConnector } from './connector-store.ts'
import { OVER_HTTPS } from './provision.ts'
import type { Connector, ProvisioningRequest, ProvisioningResult } from './schema.ts'

export interface WebhookConnectorDeps {
  readonly db: Db
  readonly clock: Clock
  readonly ask: AskService
  readonly callbacks: CallbackTokens
  /** Where a service reaches this installation. */
  readonly publicUrl: string
}

const MINUTE_MS = 60_000

/**
 * Asks a seller's service by a signed POST (Standard Webhooks): `webhook-id` is the task's, the same with every try, so
 * the service recognises a copy. 2xx is done, 202 answered later; 4xx is a refusal, but for 408, 425 and 429, which like
 * 5xx and silence are tried again with back-off.
 */
export const createWebhookConnector = (deps: WebhookConnectorDeps): Connector => ({
  name: OVER_HTTPS,
  perform: async (request) => {
    const { db, clock, ask } = deps
    const connector = await findConnector(db, request.sellerId, request.connector)
    if (!connector) return { kind: 'refused', message: `This installation has no connector "${request.connector}".` }
    const at = clock.now()
    const answer = await ask(connector, { id: `prov_${request.id}`, body: bodyOf(request, deps, at) })
    return resultOf(answer, new Date(at.getTime() + connector.deadlineMinutes * MINUTE_MS))
  },
})

const bodyOf = (request: ProvisioningRequest, { callbacks, publicUrl }: WebhookConnectorDeps, at: Date) => ({
  type: `subscription.${request.operation}`,
  timestamp: at.toISOString(),
  data: {
    operation: request.operation,
    revision: request.revision.toString(),
    subscription_id: request.subscriptionId,
    tenant_id: request.tenantId,
    plan_id: request.planId,
    resources: request.resources.map(({ id, quantity, usageName, quotaPerUnit }) => ({
      id,
      quantity: quantity.toString(),
      usage_name: usageName,
      quota_per_unit: quotaPerUnit?.toString() ?? null,
    })),
    callback: {
      url: `${publicUrl}/api/v1/provisioning-tasks/${request.sellerId}/${request.id}/result`,
      token: callbacks.tokenOf(request.sellerId, request.id),
    },
  },
})

function resultOf({ status, body }: OutboundAnswer, deadlineAt: Date): ProvisioningResult {
  if (status === 202) return { kind: 'accepted', deadlineAt }
  if (status >= 200 && status < 300) return { kind: 'done' }
  if (status >= 400 && status < 500 && ![408, 425, 429].includes(status))
    return { kind: 'refused', message: messageIn(body) ?? `The service answered ${status}.` }
  throw new Error(`The service answered ${status}`)
}

/** What the service says of its refusal: `{"message": "…"}`. */
function messageIn(body: Buffer): string | undefined {
  try {
    const said: unknown = JSON.parse(body.toString())
    const message = said && typeof said === 'object' && 'message' in said ? said.message : undefined
    return typeof message === 'string' && message.trim() !== '' ? message.trim().slice(0, 500) : undefined
  } catch {
    return undefined
  }
}

/** What proves that a late answer comes from whom was asked: a token made from the installation's secret, none kept. */
export interface CallbackTokens {
  tokenOf(sellerId: SellerId, taskId: string): string
  isToken(token: string, sellerId: SellerId, taskId: string): boolean
}

export function createCallbackTokens(secret: string): CallbackTokens {
  const key = deriveKey(secret, 'provisioning callback')
  const tokenOf = (sellerId: SellerId, taskId: string): string =>
    createHmac('sha256', key).update(`${sellerId}:${taskId}`).digest('base64url')
  return {
    tokenOf,
    isToken(token, sellerId, taskId) {
      const [given, right] = [token, tokenOf(sellerId, taskId)].map((text) => Buffer.from(text))
      return (
        given !== undefined && right !== undefined && given.length === right.length && timingSafeEqual(given, right)
      )
    },
  }
}

import type { Clock } from '../kernel/time.ts'
import type { Seal } from '../platform/auth/seal.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { type OutboundAnswer, post } from '../platform/outbound/post.ts'
import { webhookHeaders } from '../platform/webhooks/sign.ts'
import type { WebhookConnector } from './schema.ts'

/** Asks a seller's service something. @throws {SendFailure} It did not answer. */
export type AskService = (
  connector: Pick<WebhookConnector, 'url' | 'secret'>,
  question: { readonly id: string; readonly body: unknown; readonly maxAnswerBytes?: number },
) => Promise<OutboundAnswer>

/** A POST signed as in Standard Webhooks, at the machine's time: a reseller's own clock means nothing to a service. */
export const createAskService =
  (guard: OutboundGuard, seal: Seal, clock: Clock): AskService =>
  (connector, { id, body: asked, maxAnswerBytes }) => {
    const body = JSON.stringify(asked)
    const secrets = [seal.unseal(connector.secret)]
    return post(guard, {
      url: connector.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Buylink',
        ...webhookHeaders({ id, at: clock.now(), body, secrets }),
      },
      body,
      ...(maxAnswerBytes !== undefined && { maxAnswerBytes }),
    })
  }

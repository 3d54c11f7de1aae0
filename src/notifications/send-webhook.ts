import { systemLabel } from '../platform/actor.ts'
import type { Seal } from '../platform/auth/seal.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { OutboundGuard } from '../platform/outbound/guard.ts'
import { type OutboundAnswer, post, SendFailure } from '../platform/outbound/post.ts'
import { webhookHeaders } from '../platform/webhooks/sign.ts'
import type { Clock } from '../kernel/time.ts'
import { type Claimed, noteOutcome, type Outcome } from './delivery-store.ts'
import { findReceiver } from './endpoint-store.ts'
import { judgeStatus, nextTry, retryAfterMs } from './rules.ts'
import { switchOff } from './switch-off.ts'

export interface SendDeps {
  readonly db: Db
  readonly clock: Clock
  readonly guard: OutboundGuard
  /** For the secrets of webhooks. */
  readonly seal: Seal
  /** 15 s unless said. */
  readonly timeoutMs?: number
}

/** What a receiver may take to answer. */
const TIMEOUT_MS = 15_000
/** Nothing of an answer is kept, so a little of it is enough. */
const MAX_ANSWER_BYTES = 8_192

/**
 * Makes one try of a delivery and notes how it went: taken, to be tried again, given up, or the endpoint switched off
 * (410). A crash after the answer repeats the try with the same `webhook-id`.
 */
export async function sendWebhook(deps: SendDeps, claimed: Claimed): Promise<void> {
  const { db, clock, seal } = deps
  const startedAt = clock.now()
  const receiver = await findReceiver(db, claimed.sellerId, claimed.endpointId, startedAt)
  if (!receiver) {
    const outcome = { nextTryAt: null, startedAt, durationMs: 0, httpStatus: null, at: startedAt }
    await transaction(db, (tx) =>
      noteOutcome(tx, claimed, { ...outcome, status: 'cancelled', error: 'The webhook is switched off' }),
    )
    return
  }
  crashPoint('webhook.before_send')
  const began = performance.now()
  const result = await ask(deps, claimed, receiver.url, receiver.secrets.map(seal.unseal), startedAt)
  const durationMs = Math.round(performance.now() - began)
  crashPoint('webhook.answered')
  await record(deps, claimed, result, { startedAt, durationMs })
}

type Result = OutboundAnswer | SendFailure

async function ask(
  { guard, timeoutMs = TIMEOUT_MS }: SendDeps,
  claimed: Claimed,
  url: string,
  secrets: readonly string[],
  at: Date,
): Promise<Result> {
  const signed = webhookHeaders({ id: claimed.id, at, body: claimed.body, secrets })
  const headers = { 'content-type': 'application/json', 'user-agent': 'Buylink-Webhooks/1', ...signed }
  try {
    return await post(guard, { url, headers, body: claimed.body, timeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES })
  } catch (error) {
    if (error instanceof SendFailure) return error
    throw error
  }
}

async function record(
  { db, clock }: SendDeps,
  claimed: Claimed,
  result: Result,
  timing: Pick<Outcome, 'startedAt' | 'durationMs'>,
): Promise<void> {
  const at = clock.now()
  const answer = result instanceof SendFailure ? undefined : result
  const verdict = answer ? judgeStatus(answer.status) : 'retry'
  const asked = answer?.headers['retry-after']
  const next =
    verdict === 'retry'
      ? nextTry({
          tries: claimed.tries,
          since: claimed.triedSince,
          at,
          retryAfterMs: retryAfterMs(typeof asked === 'string' ? asked : undefined, at),
          random: Math.random(),
        })
      : undefined
  await transaction(db, async (tx) => {
    const isLatest = await noteOutcome(tx, claimed, {
      ...timing,
      status: verdict === 'delivered' ? 'delivered' : next ? 'waiting' : 'failed',
      nextTryAt: next ?? null,
      httpStatus: answer?.status ?? null,
      error: result instanceof SendFailure ? result.message : reasonOf(result.status),
      at,
    })
    if (verdict !== 'gone' || !isLatest) return
    const actor = { ...systemLabel('webhooks'), correlationId: claimed.correlationId }
    await switchOff(tx, actor, claimed.sellerId, claimed.endpointId, at)
  })
}

function reasonOf(status: number): string | null {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) return `Answered ${status}: redirects are not followed`
  return status === 410 ? 'Answered 410: the receiver wants no more' : `Answered ${status}`
}

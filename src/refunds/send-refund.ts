import { type CardGateway, paidByCard } from '../cards/index.ts'
import { BuylinkError, invariant } from '../kernel/errors.ts'
import { type Clock, MINUTE_MS } from '../kernel/time.ts'
import { post } from '../ledger/index.ts'
import { type Db, transaction } from '../platform/db.ts'
import type { ClockOf } from '../platform/seller-clocks.ts'
import { postingOf } from './refund-payment.ts'
import { sentEntries, unsentEntries } from './rules.ts'
import type { Refund } from './schema.ts'
import { lockRefund, moveRefund, sendingSince } from './store.ts'

/**
 * Sends a refund to the card it was paid with, or asks what became of it. The refund's id is the gateway's idempotency
 * key, so after a crash it is the same one. What the gateway refuses stays the customer's, on the balance.
 *
 * @throws {BuylinkError} `gateway_unavailable`: to be asked again.
 */
export async function sendRefund(db: Db, clock: Clock, gateway: CardGateway, refund: Refund): Promise<void> {
  if (refund.status !== 'sending' || refund.cardSessionId === null) return
  const outcome = await askGateway(db, gateway, refund)
  await transaction(db, async (tx) => {
    const locked = await lockRefund(tx, refund.sellerId, refund.id)
    if (locked?.status !== 'sending') return
    const at = clock.now()
    const more = { ...(outcome.id && { gatewayId: outcome.id }), message: outcome.message }
    if (outcome.status === 'pending') return moveRefund(tx, locked, 'sending', at, more)
    const isSent = outcome.status === 'succeeded'
    await post(tx, {
      ...postingOf(locked, at),
      kind: isSent ? 'refund_sent' : 'refund_unsent',
      naturalKey: `refund_sent:${locked.id}`,
      entries: (isSent ? sentEntries : unsentEntries)(locked.accountId, locked.amountMinor),
    })
    return moveRefund(tx, locked, isSent ? 'completed' : 'to_balance', at, more)
  })
}

interface Outcome {
  readonly id: string | null
  readonly status: 'succeeded' | 'pending' | 'failed'
  readonly message: string
}

async function askGateway(db: Db, gateway: CardGateway, refund: Refund): Promise<Outcome> {
  const session = (await paidByCard(db, refund.sellerId, refund.paymentId)).find(
    ({ id }) => id === refund.cardSessionId,
  )
  invariant(session, 'a refund names what was paid by card')
  try {
    const { id, status } = refund.gatewayId
      ? await gateway.readRefund(refund.gatewayId)
      : await gateway.refund({
          idempotencyKey: refund.id,
          paidId: session.gatewayId,
          amountMinor: refund.amountMinor,
        })
    return { id, status, message: status === 'failed' ? 'The card’s bank refused it.' : '' }
  } catch (error) {
    if (!(error instanceof BuylinkError) || error.code !== 'gateway_refused') throw error
    return { id: null, status: 'failed', message: error.message }
  }
}

const SILENT_AFTER_MS = 10 * MINUTE_MS

/**
 * Asks about refunds that nothing was heard of; one that cannot be asked now is asked the next time.
 *
 * @param clock The machine's: how long nothing was heard.
 * @param clockOf Of a seller: when what is found out happens in its books.
 */
export async function checkSentRefunds(db: Db, clock: Clock, clockOf: ClockOf, gateway: CardGateway): Promise<void> {
  const failures: unknown[] = []
  for (const refund of await sendingSince(db, new Date(clock.now().getTime() - SILENT_AFTER_MS), 100))
    await sendRefund(db, clockOf(refund.sellerId), gateway, refund).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} refunds could not be sent`)
}

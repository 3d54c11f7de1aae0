import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, SellerId } from '../kernel/ids.ts'
import { lockPayments, recordReceipts, referencesOf } from '../payments/index.ts'
import { systemLabel } from '../platform/actor.ts'
import { type Batcher, createBatcher } from '../platform/batcher.ts'
import { asUnavailable, type Db, type Tx, transaction } from '../platform/db.ts'
import type { GatewayCard, GatewaySession } from './gateway.ts'
import { keepCard } from './keep-card.ts'
import type { CardSession } from './schema.ts'
import { markPaid } from './store.ts'

const GATEWAY = systemLabel('card-gateway')

/** A session that the gateway says is paid. */
export interface PaidSession {
  readonly session: CardSession
  readonly truth: GatewaySession
  /** The card that the payer agreed to keep. */
  readonly card: GatewayCard | undefined
  readonly at: Date
}

/** What is paid at the same time is booked together; a session that cannot be booked keeps back no other. */
export type BookingQueue = Batcher<SellerId, PaidSession, Error | undefined>

export const createBookingQueue = (db: Db): BookingQueue =>
  createBatcher({
    async run(sellerId, paid: readonly PaidSession[]) {
      const outcome = await tryToBook(db, sellerId, paid)
      if (!outcome || paid.length === 1 || outcome instanceof BuylinkError) return paid.map(() => outcome)
      const outcomes = []
      for (const one of paid) outcomes.push(await tryToBook(db, sellerId, [one]))
      return outcomes
    },
  })

/** Books a paid session with whatever else is paid now. @throws {Error} It could not be booked. */
export async function bookTogether(queue: BookingQueue, paid: PaidSession): Promise<void> {
  const failure = await queue.submit(paid.session.sellerId, paid)
  if (failure) throw failure
}

/** A failure as a value; a `BuylinkError` where it says nothing of what was to be booked: the database was away. */
async function tryToBook(db: Db, sellerId: SellerId, paid: readonly PaidSession[]): Promise<Error | undefined> {
  try {
    await bookPaidSessions(db, sellerId, paid)
    return undefined
  } catch (error) {
    const failure = asUnavailable(error)
    return failure instanceof Error ? failure : new Error(String(failure))
  }
}

/**
 * Books paid sessions of one seller in one transaction, each movement of money once: rows of payments are locked in the
 * order of their ids, and a receipt that is there already is not written again.
 */
export async function bookPaidSessions(db: Db, sellerId: SellerId, paid: readonly PaidSession[]): Promise<void> {
  await transaction(db, async (tx) => {
    // Of two pages of one payment the second finds what the first has booked.
    for (const round of roundsOf(paid)) await bookRound(tx, sellerId, round)
  })
}

/** In each round a payment is there once, in the order of arrival. */
export function roundsOf(paid: readonly PaidSession[]): PaidSession[][] {
  const rounds: Map<PaymentId, PaidSession>[] = []
  for (const one of paid) {
    const { paymentId } = one.session
    const round = rounds.find((each) => !each.has(paymentId))
    if (round) round.set(paymentId, one)
    else rounds.push(new Map([[paymentId, one]]))
  }
  return rounds.map((round) => [...round.values()])
}

async function bookRound(tx: Tx, sellerId: SellerId, paid: readonly PaidSession[]): Promise<void> {
  const at = new Date(Math.max(...paid.map((one) => one.at.getTime())))
  const ids = paid.map(({ session }) => session.paymentId)
  const payments = new Map((await lockPayments(tx, sellerId, ids)).map((payment) => [payment.id, payment]))
  const known = new Set((await referencesOf(tx, sellerId, ids)).map((each) => `${each.paymentId} ${each.reference}`))
  const arrivals = paid.map(({ session, truth, card }) => {
    const payment = payments.get(session.paymentId)
    if (!payment) throw new Error('A session names a payment that is there')
    const reference = truth.paymentReference ?? truth.id
    const isKnown = known.has(`${payment.id} ${reference}`)
    const money = { amountMinor: truth.amountMinor, reference, source: 'gateway', by: GATEWAY } as const
    return { ...money, payment, session, card, isKnown }
  })
  const news = arrivals.filter(({ isKnown }) => !isKnown)
  if (news.length > 0) await recordReceipts(tx, sellerId, news, at)
  await markPaid(
    tx,
    sellerId,
    paid.map(({ session }) => session.id),
    at,
  )
  for (const { session, card, payment } of arrivals)
    if (card && session.agreedBy)
      await keepCard(tx, { sellerId, accountId: payment.accountId, card, agreedBy: session.agreedBy, at })
}

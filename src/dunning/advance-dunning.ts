import { findAccount } from '../accounts/index.ts'
import { beginCharge, type CardGateway, findCharge, settleCharge } from '../cards/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { lockBalance } from '../ledger/index.ts'
import { payFromBalance } from '../payments/index.ts'
import { outstandingMinor } from '../payments/rules.ts'
import type { Payment } from '../payments/schema.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { systemActor } from '../tenants/index.ts'
import { lockPayable } from './payable.ts'
import { AGAIN_MS, nextStep, plannedFor } from './rules.ts'
import type { Dunning, DunningOutcome, TakenStep } from './schema.ts'
import { stopUnpaid } from './stop-unpaid.ts'
import {
  dueDunnings,
  findStarted,
  insertSteps,
  lockDunning,
  noteOutcome,
  postponeDunning,
  saveDunning,
} from './store.ts'
import { tellExhausted, tellReminded } from './tell.ts'

export interface DunningDeps {
  readonly db: Db
  readonly clock: Clock
  /** Without it nothing is charged, only reminded of. */
  readonly cards: CardGateway | undefined
  readonly onError: (error: unknown) => void
  /** How many are taken on at a time; 200 by default. */
  readonly batch?: number | undefined
}

const BATCH = 200
const ACTOR = systemLabel('dunning')

/**
 * Takes the next step of everything that is due and not paid: by card, by a reminder, or by a stop of the service. A step is written before it is
 * carried out and has a key of its own, so several processes and a crash at any point take each once.
 */
export async function advanceDunnings(deps: DunningDeps): Promise<void> {
  const { db, clock, onError, batch = BATCH } = deps
  for (;;) {
    const due = await dueDunnings(db, clock, batch)
    for (const { sellerId, id } of due) {
      try {
        await advanceDunning(deps, sellerId, id)
      } catch (error) {
        onError(error)
        await postponeDunning(db, sellerId, id, new Date(clock.now().getTime() + AGAIN_MS))
      }
    }
    if (due.length < batch) return
  }
}

/** One step of one. @throws {BuylinkError} `gateway_unavailable`: to be taken on again. */
export async function advanceDunning(deps: DunningDeps, sellerId: SellerId, id: string): Promise<void> {
  const { db, clock, cards } = deps
  const started = await transaction(db, (tx) => begin(tx, deps, sellerId, id))
  if (!started?.chargeId || !cards) return
  crashPoint('dunning.step_begun')
  const charge = await findCharge(db, sellerId, started.chargeId)
  const status = charge ? await settleCharge(db, clock, cards, charge) : 'cancelled'
  crashPoint('dunning.charged')
  await transaction(db, async (tx) => {
    const dunning = await lockDunning(tx, sellerId, id)
    const at = clock.now()
    if (!dunning) return
    if (status === 'asked' || status === 'pending') {
      await saveDunning(tx, dunning, { nextAt: new Date(at.getTime() + AGAIN_MS) }, at)
    } else if (await noteOutcome(tx, dunning, started.position, status)) {
      if (dunning.status !== 'running') await saveDunning(tx, dunning, { nextAt: null }, at)
      else if (status === 'paid') await saveDunning(tx, dunning, { status: 'paid', nextAt: null }, at)
      else await moveOn(tx, dunning, started.position + 1, at)
    }
  })
}

/** Writes the step that is due; what needs nobody else is done with it. @returns A charge to be carried out. */
async function begin(tx: Tx, deps: DunningDeps, sellerId: SellerId, id: string): Promise<TakenStep | undefined> {
  const at = deps.clock.now()
  const dunning = await lockDunning(tx, sellerId, id)
  if (!dunning || dunning.nextAt === null || dunning.nextAt > at) return undefined
  // What was begun is seen to its end, also where it was paid otherwise meanwhile.
  const started = await findStarted(tx, dunning)
  if (started) return started
  if (dunning.status !== 'running') {
    await saveDunning(tx, dunning, { nextAt: null }, at)
    return undefined
  }
  const next = nextStep(dunning.steps, dunning.position, dunning.dueAt, at)
  if (next.kind !== 'take') {
    await moveOn(tx, dunning, dunning.position, at)
    return undefined
  }
  const payment = await lockPayable(tx, dunning, at)
  if (payment === 'paid' || payment === 'cancelled') {
    await saveDunning(tx, dunning, { status: payment, nextAt: null }, at)
    return undefined
  }
  const step = (position: number, outcome: DunningOutcome, chargeId: string | null = null): TakenStep => ({
    position,
    day: dunning.steps[position]?.day ?? 0,
    action: dunning.steps[position]?.action ?? 'remind',
    outcome,
    chargeId,
    at,
  })
  const { position } = next
  const taken = await take(tx, deps, dunning, payment, step(position, 'started'), at)
  if (taken === 'later') {
    await saveDunning(tx, dunning, { nextAt: new Date(at.getTime() + AGAIN_MS) }, at)
    return undefined
  }
  await insertSteps(tx, dunning, [...next.skipped.map((index) => step(index, 'skipped')), taken])
  await saveDunning(tx, dunning, { paymentId: payment.id, position }, at)
  if (taken.outcome === 'started') return taken
  if (taken.outcome === 'paid_from_balance') await saveDunning(tx, dunning, { status: 'paid', nextAt: null }, at)
  else await moveOn(tx, { ...dunning, paymentId: payment.id }, position + 1, at)
  return undefined
}

/** From the balance where it covers it; else as the step says: by card where one is kept, by a reminder, or by a stop. */
async function take(
  tx: Tx,
  { cards }: DunningDeps,
  dunning: Dunning,
  payment: Payment,
  step: TakenStep,
  at: Date,
): Promise<TakenStep | 'later'> {
  const clock = { now: () => at }
  if (payment.purpose === 'order' && (await lockBalance(tx, payment)) >= outstandingMinor(payment)) {
    const account = await findAccount(tx, payment.sellerId, payment.accountId)
    const actor = systemActor(payment.sellerId, payment.accountId, account?.path ?? '', 'dunning')
    await payFromBalance(tx, clock, actor, { sellerId: payment.sellerId, paymentId: payment.id })
    return { ...step, outcome: 'paid_from_balance' }
  }
  if (step.action === 'stop') {
    const stopping = await stopUnpaid(tx, dunning, at)
    if (stopping.kind === 'later') return 'later'
    if (stopping.kind === 'stopped')
      await saveDunning(tx, dunning, { stoppedSubscriptionId: stopping.subscriptionId }, at)
    return { ...step, outcome: stopping.kind }
  }
  if (step.action === 'charge' && cards) {
    const cause = `dunning:${dunning.id}:${step.position}`
    const charge = await beginCharge(tx, payment, { cause, by: ACTOR }, at)
    if (charge) return { ...step, chargeId: charge.id }
  }
  await tellReminded(tx, dunning, payment, step.position, at)
  return { ...step, outcome: 'reminded' }
}

/** To the next step, or to the end of the schedule. Publishes `dunning.exhausted` there. */
async function moveOn(tx: Tx, dunning: Dunning, position: number, at: Date): Promise<void> {
  if (dunning.status !== 'running') return
  const step = dunning.steps[position]
  if (step) return saveDunning(tx, dunning, { position, nextAt: plannedFor(dunning.dueAt, step, at) }, at)
  await saveDunning(tx, dunning, { position, status: 'exhausted', nextAt: null }, at)
  await tellExhausted(tx, dunning, at)
}

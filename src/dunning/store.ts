import { sql } from 'kysely'
import type { PaymentId, SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Db, Tx } from '../platform/db.ts'
import { livesBy } from '../platform/seller-clocks.ts'
import { DEFAULT_STEPS } from './rules.ts'
import type { Dunning, DunningOutcome, DunningStatus, DunningStep, TakenStep } from './schema.ts'

const COLUMNS = [
  'seller_id as sellerId',
  'id',
  'subject_kind as subjectKind',
  'subject_id as subjectId',
  'account_id as accountId',
  'payment_id as paymentId',
  'stopped_subscription_id as stoppedSubscriptionId',
  'due_at as dueAt',
  sql<Dunning['steps']>`steps`.as('steps'),
  'position',
  'status',
  'next_at as nextAt',
] as const

export interface Schedule {
  readonly steps: readonly DunningStep[]
  /** null: it was never changed. */
  readonly version: bigint | null
}

export async function findSchedule(db: Db | Tx, sellerId: SellerId): Promise<Schedule> {
  const row = await db
    .selectFrom('dunning_settings')
    .where('seller_id', '=', sellerId)
    .select([sql<readonly DunningStep[]>`steps`.as('steps'), 'version'])
    .executeTakeFirst()
  return row ?? { steps: DEFAULT_STEPS, version: null }
}

/** @returns false where somebody changed it since `version`. */
export async function saveSchedule(
  tx: Tx,
  sellerId: SellerId,
  steps: readonly DunningStep[],
  version: bigint | undefined,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    insert into dunning_settings (seller_id, steps, updated_at) values (${sellerId}, ${JSON.stringify(steps)}::jsonb, ${at})
    on conflict (seller_id) do update set steps = excluded.steps, version = dunning_settings.version + 1, updated_at = excluded.updated_at
     where ${version ?? null}::bigint is null or dunning_settings.version = ${version ?? null}::bigint
    returning seller_id`.execute(tx)
  return rows.length === 1
}

/** Begins to ask for something, once. */
export async function insertDunning(tx: Tx, dunning: Dunning, at: Date): Promise<boolean> {
  const result = await tx
    .insertInto('dunnings')
    .values({
      seller_id: dunning.sellerId,
      id: dunning.id,
      subject_kind: dunning.subjectKind,
      subject_id: dunning.subjectId,
      account_id: dunning.accountId,
      payment_id: dunning.paymentId,
      stopped_subscription_id: dunning.stoppedSubscriptionId,
      due_at: dunning.dueAt,
      steps: JSON.stringify(dunning.steps),
      position: dunning.position,
      status: dunning.status,
      next_at: dunning.nextAt,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.columns(['seller_id', 'subject_kind', 'subject_id']).doNothing())
    .executeTakeFirst()
  return result.numInsertedOrUpdatedRows === 1n
}

/** Locks what is asked for until the transaction ends. */
export const lockDunning = (tx: Tx, sellerId: SellerId, id: string): Promise<Dunning | undefined> =>
  tx
    .selectFrom('dunnings')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .select(COLUMNS)
    .forUpdate()
    .executeTakeFirst()

/** The same by what it is about. */
export const lockDunningOf = (
  tx: Tx,
  sellerId: SellerId,
  kind: Dunning['subjectKind'],
  subjectId: string,
): Promise<Dunning | undefined> =>
  tx
    .selectFrom('dunnings')
    .where('seller_id', '=', sellerId)
    .where('subject_kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .select(COLUMNS)
    .forUpdate()
    .executeTakeFirst()

/** What is due now, earliest first, of all sellers (a reviewed fan-out). */
export const dueDunnings = (db: Db, clock: Clock, limit: number): Promise<{ sellerId: SellerId; id: string }[]> =>
  db
    .selectFrom('dunnings')
    .where('next_at', '<=', clock.now())
    .where(livesBy(clock, 'dunnings.seller_id'))
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
    .select(['seller_id as sellerId', 'id'])
    .execute()

export interface DunningChange {
  readonly paymentId?: PaymentId
  readonly stoppedSubscriptionId?: SubscriptionId
  readonly position?: number
  readonly status?: DunningStatus
  readonly nextAt?: Date | null
}

export async function saveDunning(
  db: Db | Tx,
  { sellerId, id }: Pick<Dunning, 'sellerId' | 'id'>,
  { paymentId, stoppedSubscriptionId, position, status, nextAt }: DunningChange,
  at: Date,
): Promise<void> {
  await db
    .updateTable('dunnings')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .set({
      updated_at: at,
      ...(paymentId !== undefined && { payment_id: paymentId }),
      ...(stoppedSubscriptionId !== undefined && { stopped_subscription_id: stoppedSubscriptionId }),
      ...(position !== undefined && { position }),
      ...(status !== undefined && { status }),
      ...(nextAt !== undefined && { next_at: nextAt }),
    })
    .execute()
}

/** Looks again later at one that could not be taken on, so that it does not hold up the others. */
export async function postponeDunning(db: Db, sellerId: SellerId, id: string, until: Date): Promise<void> {
  await db
    .updateTable('dunnings')
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .where('next_at', '<', until)
    .set({ next_at: until })
    .execute()
}

export async function insertSteps(tx: Tx, { sellerId, id }: Dunning, steps: readonly TakenStep[]): Promise<void> {
  if (steps.length === 0) return
  await tx
    .insertInto('dunning_steps')
    .values(
      steps.map(({ position, day, action, outcome, chargeId, at }) => ({
        seller_id: sellerId,
        dunning_id: id,
        position,
        day,
        action,
        outcome,
        charge_id: chargeId,
        at,
      })),
    )
    .execute()
}

/** The step that was begun and has no outcome yet. */
export async function findStarted(tx: Tx, { sellerId, id }: Dunning): Promise<TakenStep | undefined> {
  return (await stepsOf(tx, sellerId, id)).find(({ outcome }) => outcome === 'started')
}

export const stepsOf = (db: Db | Tx, sellerId: SellerId, dunningId: string): Promise<TakenStep[]> =>
  db
    .selectFrom('dunning_steps')
    .where('seller_id', '=', sellerId)
    .where('dunning_id', '=', dunningId)
    .select(['position', 'day', 'action', 'outcome', 'charge_id as chargeId', 'at'])
    .orderBy('position')
    .execute()

/** @returns false where its outcome was noted before. */
export async function noteOutcome(
  tx: Tx,
  { sellerId, id }: Dunning,
  position: number,
  outcome: DunningOutcome,
): Promise<boolean> {
  const result = await tx
    .updateTable('dunning_steps')
    .where('seller_id', '=', sellerId)
    .where('dunning_id', '=', id)
    .where('position', '=', position)
    .where('outcome', '=', 'started')
    .set({ outcome })
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

/** Whether something that stopped a subscription is not paid yet. */
export async function keepsStopped(tx: Tx, sellerId: SellerId, subscriptionId: SubscriptionId): Promise<boolean> {
  const row = await tx
    .selectFrom('dunnings')
    .where('seller_id', '=', sellerId)
    .where('stopped_subscription_id', '=', subscriptionId)
    .where('status', 'in', ['running', 'exhausted'])
    .select('id')
    .executeTakeFirst()
  return row !== undefined
}

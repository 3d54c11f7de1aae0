import { sql } from 'kysely'
import type { ManagerId } from '../accounts/index.ts'
import type { OrderId, SellerId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { Judgement, RewardLine } from './rules.ts'
import type { Partner, Program, ProgramId } from './schema.ts'

const PROGRAM = [
  'id',
  'seller_id as sellerId',
  'name',
  'basis_points as basisPoints',
  'applies_to as appliesTo',
  'valid_from as validFrom',
  'valid_until as validUntil',
  'version',
  'created_at as createdAt',
] as const

const PARTNER = [
  'manager_id as managerId',
  'seller_id as sellerId',
  'program_id as programId',
  'basis_points as basisPoints',
  'applies_to as appliesTo',
  'joined_at as joinedAt',
  'report_linked_at as reportLinkedAt',
  'version',
] as const

export const findProgram = (db: Db | Tx, id: ProgramId): Promise<Program | undefined> =>
  db.selectFrom('referral_programs').where('id', '=', id).select(PROGRAM).executeTakeFirst()

export const lockProgram = (tx: Tx, id: ProgramId): Promise<Program | undefined> =>
  tx.selectFrom('referral_programs').where('id', '=', id).select(PROGRAM).forNoKeyUpdate().executeTakeFirst()

export async function saveProgram(tx: Tx, program: Program, at: Date): Promise<void> {
  const row = {
    name: program.name,
    basis_points: program.basisPoints,
    applies_to: program.appliesTo,
    valid_from: program.validFrom,
    valid_until: program.validUntil,
    updated_at: at,
  }
  await tx
    .insertInto('referral_programs')
    .values({ ...row, id: program.id, seller_id: program.sellerId, created_at: program.createdAt })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ ...row, version: sql<bigint>`referral_programs.version + 1` }),
    )
    .execute()
}

export const findPartner = (db: Db | Tx, managerId: ManagerId): Promise<Partner | undefined> =>
  db.selectFrom('referral_partners').where('manager_id', '=', managerId).select(PARTNER).executeTakeFirst()

export const lockPartner = (tx: Tx, managerId: ManagerId): Promise<Partner | undefined> =>
  tx
    .selectFrom('referral_partners')
    .where('manager_id', '=', managerId)
    .select(PARTNER)
    .forNoKeyUpdate()
    .executeTakeFirst()

export async function savePartner(tx: Tx, partner: Partner, at: Date): Promise<void> {
  const row = {
    program_id: partner.programId,
    basis_points: partner.basisPoints,
    applies_to: partner.appliesTo,
    updated_at: at,
  }
  await tx
    .insertInto('referral_partners')
    .values({ ...row, manager_id: partner.managerId, seller_id: partner.sellerId, joined_at: partner.joinedAt })
    .onConflict((conflict) =>
      conflict.column('manager_id').doUpdateSet({ ...row, version: sql<bigint>`referral_partners.version + 1` }),
    )
    .execute()
}

/** Gives a partner another private link, or none; the one before opens nothing any more. */
export async function setReportToken(tx: Tx, managerId: ManagerId, hash: Buffer | null, at: Date): Promise<void> {
  await tx
    .updateTable('referral_partners')
    .set({
      report_token_hash: hash,
      report_linked_at: hash === null ? null : at,
      version: sql<bigint>`version + 1`,
      updated_at: at,
    })
    .where('manager_id', '=', managerId)
    .execute()
}

export const findPartnerByToken = (db: Db, hash: Buffer): Promise<Partner | undefined> =>
  db.selectFrom('referral_partners').where('report_token_hash', '=', hash).select(PARTNER).executeTakeFirst()

/** Keeps out other settlings of one order until the transaction ends. */
export async function findJudgement(tx: Tx, sellerId: SellerId, orderId: OrderId) {
  return tx
    .selectFrom('referral_orders')
    .where('seller_id', '=', sellerId)
    .where('order_id', '=', orderId)
    .select(['outcome', 'basis_points as basisPoints'])
    .forNoKeyUpdate()
    .executeTakeFirst()
}

export interface Judged extends Judgement {
  readonly sellerId: SellerId
  readonly orderId: OrderId
  readonly accountId: TenantId
  readonly managerId: ManagerId
  readonly programId: ProgramId
  readonly isFirst: boolean
  readonly at: Date
}

/** @returns false when the order is judged already, or another is the account's first. */
export async function insertJudgement(tx: Tx, judged: Judged): Promise<boolean> {
  const row = await tx
    .insertInto('referral_orders')
    .values({
      seller_id: judged.sellerId,
      order_id: judged.orderId,
      account_id: judged.accountId,
      manager_id: judged.managerId,
      program_id: judged.programId,
      outcome: judged.outcome,
      basis_points: judged.basisPoints,
      is_first: judged.isFirst,
      judged_at: judged.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst()
  return row !== undefined
}

export const listSettled = (tx: Tx, sellerId: SellerId, orderId: OrderId) =>
  tx
    .selectFrom('referral_rewards')
    .where('seller_id', '=', sellerId)
    .where('order_id', '=', orderId)
    .select(['posting_id as postingId', 'net_minor as netMinor'])
    .execute()

export async function insertRewards(
  tx: Tx,
  order: { sellerId: SellerId; orderId: OrderId; managerId: ManagerId; currency: string },
  lines: readonly RewardLine[],
): Promise<void> {
  if (lines.length === 0) return
  await tx
    .insertInto('referral_rewards')
    .values(
      lines.map((line) => ({
        seller_id: order.sellerId,
        posting_id: line.postingId,
        order_id: order.orderId,
        manager_id: order.managerId,
        currency: order.currency,
        net_minor: line.netMinor,
        reward_minor: line.rewardMinor,
        occurred_at: line.at,
      })),
    )
    .execute()
}

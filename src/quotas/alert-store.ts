import { type RawBuilder, sql } from 'kysely'
import type { CorrelationId, SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { asJson, rowsFromJson } from '../platform/json-rows.ts'
import type { UsageKey } from '../usage/index.ts'
import type { AlertId, AlertState } from './schema.ts'

export interface OpenedAlert {
  readonly id: AlertId
  readonly correlationId: CorrelationId
}

/** Opens an alert: the one cleared since `reopenSince`, if there is one, else a new one. */
export async function openAlert(
  tx: Tx,
  alert: UsageKey & {
    readonly sellerId: SellerId
    readonly newId: AlertId
    readonly state: AlertState
    readonly correlationId: CorrelationId
    readonly at: Date
    readonly reopenSince: Date
  },
): Promise<OpenedAlert> {
  const { rows } = await sql<OpenedAlert>`
    update alerts set cleared_at = null, state = ${alert.state}, changed_at = ${alert.at}
     where seller_id = ${alert.sellerId} and id = (
       select id from alerts
        where seller_id = ${alert.sellerId} and tenant_id = ${alert.tenantId} and usage_name = ${alert.usageName}
          and cleared_at >= ${alert.reopenSince}
        order by id desc limit 1)
    returning id, correlation_id as "correlationId"`.execute(tx)
  const [reopened] = rows
  if (reopened) return reopened
  await tx
    .insertInto('alerts')
    .values({
      seller_id: alert.sellerId,
      id: alert.newId,
      tenant_id: alert.tenantId,
      usage_name: alert.usageName,
      state: alert.state,
      correlation_id: alert.correlationId,
      opened_at: alert.at,
      changed_at: alert.at,
      cleared_at: null,
    })
    .execute()
  return { id: alert.newId, correlationId: alert.correlationId }
}

export async function changeAlert(tx: Tx, sellerId: SellerId, id: AlertId, state: AlertState, at: Date): Promise<void> {
  await tx
    .updateTable('alerts')
    .set({ state, changed_at: at })
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .execute()
}

export async function clearAlert(tx: Tx, sellerId: SellerId, id: AlertId, at: Date): Promise<void> {
  await tx
    .updateTable('alerts')
    .set({ changed_at: at, cleared_at: at })
    .where('seller_id', '=', sellerId)
    .where('id', '=', id)
    .execute()
}

/** An alert as it stands open. */
export interface OpenAlert extends UsageKey {
  readonly id: AlertId
  readonly state: AlertState
  readonly openedAt: Date
  readonly correlationId: CorrelationId
}

/** The open alerts of some tenants of a seller. */
export const openAlertsJson = (sellerId: RawBuilder<SellerId>, tenantIds: RawBuilder<unknown>): RawBuilder<string> =>
  asJson(sql`
    select id, tenant_id as "tenantId", usage_name as "usageName", state, opened_at as "openedAt", correlation_id as "correlationId"
      from alerts where seller_id = ${sellerId} and tenant_id = any(${tenantIds}) and cleared_at is null order by id`)

export const openAlertsFromJson = (text: string): OpenAlert[] => rowsFromJson<OpenAlert>(text, { times: ['openedAt'] })

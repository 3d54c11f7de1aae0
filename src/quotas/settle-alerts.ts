import { sql } from 'kysely'
import { type CorrelationId, newId, type SellerId } from '../kernel/ids.ts'
import { systemLabel } from '../platform/actor.ts'
import type { Tx } from '../platform/db.ts'
import { publish } from '../platform/events/publish.ts'
import type { UsageKey } from '../usage/index.ts'
import { changeAlert, clearAlert, openAlert, type OpenedAlert } from './alert-store.ts'
import { type AlertFacts, alertFactsOf } from './quota-view.ts'
import { REOPEN_MS } from './rules.ts'
import type { AlertId, QuotaState } from './schema.ts'

/** Hears of alerts that opened, changed or cleared; the payload is the tenant's id. Only a hint. */
export const ALERTS_CHANGED = 'alerts_changed'

const EVENT_OF: Readonly<Record<QuotaState, string>> = {
  fine: 'quota.cleared',
  almost_reached: 'quota.almost_reached',
  reached: 'quota.exceeded',
  exceeded: 'quota.exceeded',
}

/**
 * Brings alerts in line with what is used and allowed, in the transaction that changed either. Whoever calls holds the
 * locks of these usages ({@link lockUsages}), so that two changes at once cannot each miss the other.
 * Publishes `quota.almost_reached`, `quota.exceeded` and `quota.cleared`.
 *
 * @param correlationOf Of what changed it; a new alert takes it over, and keeps it until it is cleared.
 */
export async function settleAlerts(
  tx: Tx,
  sellerId: SellerId,
  keys: readonly UsageKey[],
  at: Date,
  correlationOf: (key: UsageKey) => CorrelationId,
): Promise<void> {
  if (keys.length === 0) return
  for (const facts of await alertFactsOf(tx, sellerId, keys))
    if (facts.state !== (facts.open?.state ?? 'fine')) await settle(tx, sellerId, facts, at, correlationOf(facts))
}

async function settle(
  tx: Tx,
  sellerId: SellerId,
  facts: AlertFacts,
  at: Date,
  correlationId: CorrelationId,
): Promise<void> {
  const { tenantId, usageName, state, open } = facts
  let alert: OpenedAlert
  if (state === 'fine') {
    if (!open) return
    alert = open
    await clearAlert(tx, sellerId, open.id, at)
  } else if (open) {
    alert = open
    await changeAlert(tx, sellerId, open.id, state, at)
  } else {
    const id = newId<AlertId>(at.getTime())
    const reopenSince = new Date(at.getTime() - REOPEN_MS)
    alert = await openAlert(tx, { sellerId, tenantId, usageName, newId: id, state, correlationId, at, reopenSince })
  }
  await publish(tx, {
    sellerId,
    type: EVENT_OF[state],
    subject: { kind: 'alert', id: alert.id },
    tenantId,
    payload: {
      alert_id: alert.id,
      tenant_id: tenantId,
      usage_name: usageName,
      state: state === 'fine' ? 'cleared' : state,
      previous_state: open?.state ?? null,
      used: facts.used,
      quota: { value: facts.value, overage: facts.overage },
    },
    actor: systemLabel('quotas'),
    correlationId: alert.correlationId,
    at,
  })
  await sql`select pg_notify(${ALERTS_CHANGED}, ${tenantId})`.execute(tx)
}

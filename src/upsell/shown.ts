import type { Pool } from 'pg'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { alertOriginOf } from '../link/index.ts'
import type { UserAlerts } from './present-alerts.ts'

/** A link to buy that was shown: where, and for which alert. Not to whom. */
export interface Shown {
  readonly alertId: string
  /** The `origin` of its link. */
  readonly place: string
  readonly usageName: string
}

/** Keeps where links were shown, once for each day, alert and place; showing never waits for the database. */
export interface ShownCounter {
  note(sellerId: SellerId, shown: readonly Shown[]): void
  /** Writes what was noted; what cannot be written now is kept for the next time. */
  flush(): Promise<void>
}

/** Above this many nothing more is noted until tomorrow: figures, not money. */
const MOST = 50_000

export function createShownCounter(pool: Pool, clock: Clock): ShownCounter {
  let day = ''
  let known = new Set<string>()
  let waiting: (Shown & { readonly sellerId: SellerId; readonly day: string })[] = []
  return {
    note(sellerId, list) {
      const today = clock.now().toISOString().slice(0, 10)
      if (today !== day) known = new Set()
      day = today
      for (const shown of list) {
        const key = `${shown.alertId} ${shown.place}`
        if (known.has(key) || known.size >= MOST) continue
        known.add(key)
        waiting.push({ ...shown, sellerId, day })
      }
    },
    async flush() {
      const batch = waiting
      waiting = []
      for (const [sellerId, rows] of Map.groupBy(batch, (row) => row.sellerId))
        try {
          await pool.query({
            name: 'upsell-shown',
            text: `insert into upsell_shown (seller_id, day, alert_id, place, usage_name)
                   select $1, x.* from unnest($2::date[], $3::uuid[], $4::text[], $5::text[]) x on conflict do nothing`,
            values: [
              sellerId,
              rows.map((row) => row.day),
              rows.map(({ alertId }) => alertId),
              rows.map(({ place }) => place),
              rows.map(({ usageName }) => usageName),
            ],
          })
        } catch (error) {
          waiting.push(...rows)
          throw error
        }
    },
  }
}

/** What of someone's alerts and header leads to buying. */
export function shownIn({ items, header }: UserAlerts): Shown[] {
  return items.flatMap(({ id: alertId, usageName, action }) => [
    ...(action.kind === 'buy_now' ? [{ alertId, usageName, place: alertOriginOf(usageName) }] : []),
    ...(header.action.kind === 'buy_now' ? [{ alertId, usageName, place: 'mc_usage_info' }] : []),
  ])
}

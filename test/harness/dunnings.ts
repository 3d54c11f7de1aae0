import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { listDunnings } from '../../src/dunning/dunning-view.ts'
import { addDays } from '../../src/kernel/time.ts'
import { verifyLedger } from '../../src/ledger/index.ts'
import { changesOf, type Tenant } from './changes.ts'
import type { Shop } from './shop.ts'

/**
 * What the tests of dunning do over and over.
 *
 * @param pass Lets time do what it asks for, and everybody hear of it.
 */
export function dunningsOf(shop: Shop, pass: () => Promise<void>) {
  const asked = async ({ actor }: Tenant) => (await listDunnings(shop.db, actor, { limit: 10 })).items
  return {
    /** A customer whose renewal waits, a week before the end of its only subscription. */
    async renewing(name: string) {
      const running = await changesOf(shop).running(name)
      const { rows } = await sql<{ ends: Date }>`
        select period_ends_at as ends from subscriptions where id = ${running.subscriptionId}`.execute(shop.db)
      const ends = rows[0]?.ends ?? new Date(0)
      shop.clock.set(addDays(ends, -7).toISOString())
      await pass()
      return { ...running, ends }
    },
    at: (ends: Date, day: number) => shop.clock.set(addDays(ends, day).toISOString()),
    asked,
    /** `['running', '0 declined', '3 null']`: how it stands, and each step with what became of it. */
    async story(account: Tenant) {
      const [dunning] = await asked(account)
      return [dunning?.status, ...(dunning?.steps ?? []).map(({ day, outcome }) => `${day} ${outcome}`)]
    },
    books: async () => assert.deepEqual((await verifyLedger(shop.db, shop.operator.path)).problems, []),
  }
}

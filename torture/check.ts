import type pg from 'pg'
import { DELIVERED, INVARIANTS, type Invariant } from './invariants.ts'
import { asking } from './quiet.ts'
import type { Tally } from './tally.ts'

/** What breaks an invariant in words, the first ten. */
export async function breachesOf(client: pg.Client, { sql }: Invariant): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(`select what from (${sql}) as breaches limit 10`)
  return rows.map(({ what }) => what)
}

/**
 * Asks the database, past the server, whether all that must hold does. Nothing may be under way.
 *
 * @param when For the report: after what.
 * @returns Whether all holds.
 */
export const checkDatabase = (
  address: string,
  tally: Tally,
  when: string,
  { deliveries = false } = {},
): Promise<boolean> =>
  asking(address, async (client) => {
    let isGood = true
    for (const invariant of deliveries ? [...INVARIANTS, DELIVERED] : INVARIANTS) {
      tally.count('invariants_checked')
      for (const what of await breachesOf(client, invariant)) {
        isGood = false
        tally.problem(invariant.kind, `${when}: ${invariant.name}: ${what}`)
      }
    }
    return isGood
  })

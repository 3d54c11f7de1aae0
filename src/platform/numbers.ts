import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { Tx } from './db.ts'

declare module './db.ts' {
  interface Database {
    number_ranges: { name: string; value: bigint }
  }
}

export type NumberRange = 'tenant' | 'user' | 'product' | 'plan' | 'plan_period' | 'plan_resource' | 'category'

/** Below it are numbers with a fixed meaning: the root is tenant 1. */
const FIRST = 1001n

/**
 * The next numeric id of a kind, unique in the installation; or the one that is `given` (of a configuration file, of
 * the demonstration), and then the range goes on past it.
 *
 * The range's row stays locked until the transaction ends: take `tenant` before `user`, and both late. Numbers of
 * transactions that fail are not given again.
 */
export async function takeNumber(tx: Tx, range: NumberRange, given?: bigint): Promise<bigint> {
  const { rows } = await sql<{ value: bigint }>`
    insert into number_ranges (name, value) values (${range}, ${given ?? FIRST})
    on conflict (name) do update
      set value = ${given === undefined ? sql`number_ranges.value + 1` : sql`greatest(number_ranges.value, excluded.value)`}
    returning value`.execute(tx)
  invariant(rows[0], 'an upsert returns its row')
  return given ?? rows[0].value
}

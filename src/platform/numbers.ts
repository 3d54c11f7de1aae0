import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Tx } from './db.ts'

declare module './db.ts' {
  interface Database {
    number_ranges: { name: string; value: bigint }
    counters: { seller_id: SellerId; name: string; value: bigint }
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

/**
 * The next of a seller's own numbers of a kind, from 1 on and without gaps: the counter's row stays locked until the
 * transaction ends, and what is rolled back gives its number back.
 */
export async function takeSequence(tx: Tx, sellerId: SellerId, name: string): Promise<bigint> {
  const { rows } = await sql<{ value: bigint }>`
    insert into counters (seller_id, name, value) values (${sellerId}, ${name}, 1)
    on conflict (seller_id, name) do update set value = counters.value + 1
    returning value`.execute(tx)
  invariant(rows[0], 'an upsert returns its row')
  return rows[0].value
}

/** The next number of a seller's documents: `SO000001`. Take `order` before `payment`, and both late. */
export async function takeDocumentNumber(tx: Tx, sellerId: SellerId, document: 'order' | 'payment'): Promise<string> {
  const value = await takeSequence(tx, sellerId, document)
  return (document === 'order' ? 'SO' : 'PM') + value.toString().padStart(6, '0')
}

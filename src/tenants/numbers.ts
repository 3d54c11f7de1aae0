import { sql } from 'kysely'
import { invariant } from '../kernel/errors.ts'
import type { Tx } from '../platform/db.ts'

/** Below it are numbers with a fixed meaning (the root is 1) and those of the demonstration. */
const FIRST = 1001n

/**
 * The next numeric id that is unique in the installation. Its row stays locked until the transaction ends, so take
 * `tenant` before `user`; numbers of transactions that fail are not given again.
 */
export async function nextNumber(tx: Tx, range: 'tenant' | 'user'): Promise<bigint> {
  const { rows } = await sql<{ value: bigint }>`
    insert into number_ranges (name, value) values (${range}, ${FIRST})
    on conflict (name) do update set value = number_ranges.value + 1
    returning value`.execute(tx)
  invariant(rows[0], 'an upsert returns its row')
  return rows[0].value
}

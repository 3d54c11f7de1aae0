import { sql } from 'kysely'
import type { SellerId } from '../kernel/ids.ts'
import type { Database, Tx } from './db.ts'

/** Which rows of a seller go to another one: those whose `column` is among `ids`. */
export interface RowMove {
  readonly from: SellerId
  readonly to: SellerId
  readonly column: string
  readonly ids: readonly string[]
}

/** Takes rows out of a seller's books. @returns Them as JSON text, for `putRows`: numbers keep all their digits. */
export async function takeRows(tx: Tx, table: keyof Database, { from, column, ids }: RowMove): Promise<string[]> {
  const { rows } = await sql<{ row: string }>`
    delete from ${sql.table(table)} as taken where seller_id = ${from} and ${sql.ref(column)} = any(${[...ids]}::uuid[])
    returning to_jsonb(taken)::text as row`.execute(tx)
  return rows.map(({ row }) => row)
}

/** Puts what was taken into another seller's books. A row cannot change its seller where it is: it lives on another node. */
export async function putRows(tx: Tx, table: keyof Database, to: SellerId, rows: readonly string[]): Promise<void> {
  if (rows.length === 0) return
  const { rows: found } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
     where table_schema = 'public' and table_name = ${table} and is_generated = 'NEVER' order by ordinal_position`.execute(
    tx,
  )
  const columns = sql.join(found.map(({ name }) => sql.ref(name)))
  await sql`
    insert into ${sql.table(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql.table(table)},
      (select jsonb_agg(each.row::jsonb || jsonb_build_object('seller_id', ${to}::text)) from unnest(${[...rows]}::text[]) as each (row)))`.execute(
    tx,
  )
}

export async function moveRows(tx: Tx, table: keyof Database, move: RowMove): Promise<void> {
  await putRows(tx, table, move.to, await takeRows(tx, table, move))
}

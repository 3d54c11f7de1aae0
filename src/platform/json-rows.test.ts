import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/harness/database.ts'
import { asJson, rowsFromJson } from './json-rows.ts'

const { db } = await testDatabase()

test('rows come through JSON with all digits, times, and nothing else changed', async () => {
  const select = sql`
    select 9007199254740993 as big, null::bigint as none, 7 as small, '2026-03-01T12:00:00.123Z'::timestamptz as at,
           '{"big": 1, "at": "x"}'::json->>'at' as text
     union all select 0, 0, 0, null, null`
  const { rows } = await sql<{ text: string }>`select ${asJson(select)} as text`.execute(db)
  interface Row {
    big: bigint
    none: bigint | null
    small: number
    at: Date | null
    text: string | null
  }
  assert.deepEqual(rowsFromJson<Row>(rows[0]?.text ?? '', { integers: ['big', 'none'], times: ['at'] }), [
    { big: 9007199254740993n, none: null, small: 7, at: new Date('2026-03-01T12:00:00.123Z'), text: 'x' },
    { big: 0n, none: 0n, small: 0, at: null, text: null },
  ])
})

test('a select of nothing is no row', async () => {
  const { rows } = await sql<{ text: string }>`select ${asJson(sql`select 1 as one where false`)} as text`.execute(db)
  assert.deepEqual(rowsFromJson(rows[0]?.text ?? ''), [])
})

import { sql } from 'kysely'
import type { CorrelationId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { toJson } from '../platform/events/publish.ts'
import type { CostLine, CostStatementId, Relation } from './schema.ts'

export interface NewStatement extends Relation {
  readonly id: CostStatementId
  readonly sequence: bigint
  readonly number: string
  /** First day of the month. */
  readonly period: string
  readonly lines: readonly CostLine[]
  readonly costMinor: bigint
  readonly salesMinor: bigint
  readonly correlationId: CorrelationId
  readonly at: Date
}

/** Months that have a statement of one to the other. */
export async function statedMonths(tx: Tx, { supplierId, resellerId }: Relation): Promise<Set<string>> {
  const { rows } = await sql<{ period: string }>`
    select period::text from cost_statements where seller_id = ${supplierId} and reseller_id = ${resellerId}`.execute(
    tx,
  )
  return new Set(rows.map(({ period }) => period))
}

export async function insertStatement(tx: Tx, statement: NewStatement): Promise<void> {
  const { supplierId, resellerId, id } = statement
  await sql`
    insert into cost_statements (seller_id, id, sequence, number, reseller_id, period, currency, cost_minor, sales_minor, correlation_id, issued_at)
    values (${supplierId}, ${id}, ${statement.sequence}, ${statement.number}, ${resellerId}, ${statement.period}::date, ${statement.currency},
            ${statement.costMinor}, ${statement.salesMinor}, ${statement.correlationId}, ${statement.at})`.execute(tx)
  const rows = statement.lines.map((line, position) => ({
    position,
    seller: line.saleSellerId,
    source: line.sourceId,
    at: line.at,
    kind: line.kind,
    document: line.document,
    title: line.title,
    currency: line.saleCurrency,
    sale: line.saleMinor,
    cost: line.costMinor,
  }))
  await sql`
    insert into cost_statement_lines (seller_id, statement_id, position, sale_seller_id, source_id, reseller_id, at, kind, document, title,
                                      sale_currency, sale_minor, cost_minor)
    select ${supplierId}::uuid, ${id}::uuid, position, seller, source, ${resellerId}::uuid, at, kind, document, title, currency, sale, cost
      from jsonb_to_recordset(${toJson(rows)}::jsonb)
        as l (position integer, seller uuid, source uuid, at timestamptz, kind text, document text, title text, currency text,
              sale bigint, cost bigint)`.execute(tx)
}

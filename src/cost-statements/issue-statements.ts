import { type CorrelationId, newId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { systemLabel } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { takeSequence } from '../platform/numbers.ts'
import { monthBefore, monthOf, monthStart, spread } from './rules.ts'
import { unstatedSales } from './sales-view.ts'
import type { CostLine, CostStatementId, Relation } from './schema.ts'
import { insertStatement, statedMonths } from './store.ts'

const NUMBER_DIGITS = 6

/**
 * States what the sales of each month that is over cost every reseller at the prices of the one above it. A transaction
 * for each two, under the row of the numbers of who states: asked at once or again, each sale stands on one statement,
 * and numbers have no gap. What becomes known of a month that is stated already stands on the next statement.
 *
 * @returns How many were issued.
 */
export async function issueStatements(db: Db, clock: Clock): Promise<number> {
  const at = clock.now()
  const sales = await unstatedSales(db, { before: monthStart(at) })
  const relations = [...new Map(sales.map((sale) => [`${sale.supplierId} ${sale.resellerId}`, sale])).values()]
  let issued = 0
  for (const { supplierId, resellerId, currency } of relations)
    issued += await issueBetween(db, at, { supplierId, resellerId, currency })
  return issued
}

async function issueBetween(db: Db, at: Date, relation: Relation): Promise<number> {
  const { supplierId, resellerId } = relation
  let issued = 0
  // One at a time, so that what fails keeps no other back; the number's row is held until its statement is written.
  while (
    await transaction(db, async (tx) => {
      const sequence = await takeSequence(tx, supplierId, 'cost_statement')
      const lines = await unstatedSales(tx, { before: monthStart(at), about: { supplierId, resellerId } })
      const [next] = spread(lines, await statedMonths(tx, relation), monthBefore(monthOf(at)))
      if (!next) throw new NothingToState()
      const [period, ofMonth] = next
      const id: CostStatementId = newId(at.getTime())
      const number = `CS${sequence.toString().padStart(NUMBER_DIGITS, '0')}`
      const correlationId = newId<CorrelationId>(at.getTime())
      await insertStatement(tx, {
        ...relation,
        id,
        sequence,
        number,
        period,
        lines: ofMonth,
        ...sumsOf(ofMonth, resellerId),
        correlationId,
        at,
      })
      crashPoint('cost_statement.issued')
      await audit(tx, {
        sellerId: supplierId,
        subject: { kind: 'cost_statement', id },
        tenantId: null,
        actor: systemLabel('cost-statements'),
        correlationId,
        at,
        action: 'cost_statement.issue',
        details: { number, period, reseller_id: resellerId },
      })
      return true
    }).catch(nothing)
  )
    issued += 1
  return issued
}

/** Takes the number back with it. */
class NothingToState extends Error {}

function nothing(error: unknown): false {
  if (error instanceof NothingToState) return false
  throw error
}

/** What it cost, and what the reseller itself sold it for; those below it sell in books and currencies of their own. */
const sumsOf = (lines: readonly CostLine[], resellerId: string) => ({
  costMinor: lines.reduce((sum, { costMinor }) => sum + costMinor, 0n),
  salesMinor: lines.reduce((sum, line) => sum + (line.saleSellerId === resellerId ? line.saleMinor : 0n), 0n),
})

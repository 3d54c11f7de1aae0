import { toCsv } from '../kernel/csv.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import { wireOf } from '../platform/http/wire.ts'
import { CostStatementLine, CostStatementSummary, type CostStatementView } from './statement-shape.ts'

const HEAD = [
  'statement',
  'month',
  'supplier',
  'reseller',
  'at',
  'kind',
  'document',
  'title',
  'sold_by',
  'sale_currency',
  'sale',
  'currency',
  'cost',
] as const

const plain = ({ amountMinor, currency }: Money): string => formatAmount(amountMinor, currency)

/** A row a line; the last column sums to the statement's cost. */
export const statementAsCsv = ({ number, period, supplier, reseller, lines }: CostStatementView): string =>
  toCsv([
    HEAD,
    ...lines.map((line) => [
      number,
      period.slice(0, 7),
      supplier.name,
      reseller.name,
      line.at.toISOString(),
      line.kind,
      line.document,
      line.title,
      line.soldBy.name,
      line.sale.currency,
      plain(line.sale),
      line.cost.currency,
      plain(line.cost),
    ]),
  ])

const head = wireOf(CostStatementSummary)
const line = wireOf(CostStatementLine)

/** The statement without its lines first, then a line each, as the API shows them. */
export const statementAsJsonLines = ({ lines, ...statement }: CostStatementView): string =>
  [head.write(statement), ...lines.map((each) => line.write(each))].map((each) => `${JSON.stringify(each)}\n`).join('')

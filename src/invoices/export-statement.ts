import { toCsv } from '../kernel/csv.ts'
import { formatAmount, type Money } from '../kernel/money.ts'
import { wireOf } from '../platform/http/wire.ts'
import { type AccountStatement, AccountStatement as Shape, StatementLine } from './statement-shape.ts'

const HEAD = ['at', 'kind', 'title', 'invoice', 'order', 'payment', 'currency', 'amount', 'balance'] as const

const plain = ({ amountMinor, currency }: Money): string => formatAmount(amountMinor, currency)

/** A row a posting, between one that opens and one that closes; the amounts of all but these sum to the difference. */
export function statementAsCsv({ currency, from, until, opening, closing, items }: AccountStatement): string {
  const edge = (at: string, kind: string, balance: Money) => [at, kind, '', '', '', '', currency, '', plain(balance)]
  return toCsv([
    HEAD,
    edge(`${from}T00:00:00.000Z`, 'opening', opening),
    ...items.map(({ at, kind, title, invoice, order, payment, amount, balance }) => [
      at.toISOString(),
      kind,
      title,
      invoice?.number ?? '',
      order?.number ?? '',
      payment?.number ?? '',
      currency,
      plain(amount),
      plain(balance),
    ]),
    edge(`${until}T23:59:59.999Z`, 'closing', closing),
  ])
}

const line = wireOf(StatementLine)
const head = wireOf(Shape.omit({ items: true }))

/** The statement without its lines first, then a line each, as the API shows them. */
export const statementAsJsonLines = ({ items, ...statement }: AccountStatement): string =>
  [head.write(statement), ...items.map((each) => line.write(each))].map((each) => `${JSON.stringify(each)}\n`).join('')

import { SentFile } from '../platform/http/file.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { statementAsCsv, statementAsJsonLines } from './export-statement.ts'
import { AccountStatement, StatementQuery } from './statement-shape.ts'
import { accountStatement } from './statement-view.ts'

const fileName = ({ account, from, until }: AccountStatement, ending: string): string =>
  `attachment; filename="statement-${account.number}-${from}-${until}.${ending}"`

export const statementRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/account-statements',
    scope: 'payments:read',
    tag: 'Accounts',
    summary: 'Read an account’s statement of a period: opening balance, postings, closing balance',
    description:
      'Out of the ledger, oldest first. Funds that are held for usage are the customer’s until they are charged, and so is money for an order that is not started.',
    input: StatementQuery,
    output: AccountStatement,
    handle: ({ db, clock, actor }, query) => accountStatement(db, clock, actor, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/account-statements.csv',
    scope: 'payments:read',
    tag: 'Accounts',
    summary: 'Export an account’s statement of a period for a spreadsheet',
    input: StatementQuery,
    output: SentFile,
    sends: 'text/csv',
    handle: async ({ db, clock, actor, reply }, query) => {
      const statement = await accountStatement(db, clock, actor, query)
      reply.header('content-disposition', fileName(statement, 'csv'))
      return { bytes: Buffer.from(statementAsCsv(statement)) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/account-statements.jsonl',
    scope: 'payments:read',
    tag: 'Accounts',
    summary: 'Export an account’s statement of a period, one JSON object a line: the statement, then its postings',
    input: StatementQuery,
    output: SentFile,
    sends: 'application/x-ndjson',
    handle: async ({ db, clock, actor, reply }, query) => {
      const statement = await accountStatement(db, clock, actor, query)
      reply.header('content-disposition', fileName(statement, 'jsonl'))
      return { bytes: Buffer.from(statementAsJsonLines(statement)) }
    },
  }),
]

import { z } from 'zod'
import { SentFile } from '../platform/http/file.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf } from '../platform/http/schemas.ts'
import { statementAsCsv, statementAsJsonLines } from './export-statement.ts'
import { ServiceCosts, serviceCosts } from './service-costs-view.ts'
import { CostStatementList, CostStatementQuery, CostStatementView, RunningList } from './statement-shape.ts'
import { getStatement, listStatements, runningCosts } from './statements-view.ts'

const Key = z.object({ statementId: idOf<string>() })

const fileName = ({ number }: CostStatementView, ending: string): string =>
  `attachment; filename="net-cost-${number}.${ending}"`

export const costStatementRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/cost-statements',
    scope: 'ledger:read',
    summary: 'List what the sales of each month cost resellers at the prices of those above them, latest first',
    description:
      'Issued once a month is over, by the one above: each sale of a plan that is sold on, and what was given back of it, stands on one statement. A reseller sees its own and those of the resellers below it.',
    input: CostStatementQuery,
    output: CostStatementList,
    handle: ({ db, actor }, query) => listStatements(db, actor, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/running-costs',
    scope: 'ledger:read',
    tag: 'Cost statements',
    summary: 'Read what was sold and stands on no cost statement yet, by reseller and the one above',
    input: z.object({}),
    output: RunningList,
    handle: ({ db, clock, actor }) => runningCosts(db, clock, actor),
  }),
  route({
    method: 'GET',
    path: '/api/v1/service-costs',
    scope: 'ledger:read',
    tag: 'Cost statements',
    summary: 'Read what external services ask of those whose plans they serve, by month and plan, a year back',
    input: z.object({}),
    output: ServiceCosts,
    handle: ({ db, clock, actor }) => serviceCosts(db, clock, actor),
  }),
  route({
    method: 'GET',
    path: '/api/v1/cost-statements/:statementId',
    scope: 'ledger:read',
    summary: 'Read a net-cost statement with its lines',
    input: Key,
    output: CostStatementView,
    handle: ({ db, actor }, { statementId }) => getStatement(db, actor, statementId),
  }),
  route({
    method: 'GET',
    path: '/api/v1/cost-statements/:statementId/lines.csv',
    scope: 'ledger:read',
    summary: 'Export a net-cost statement for a spreadsheet, a row a sale',
    input: Key,
    output: SentFile,
    sends: 'text/csv',
    handle: async ({ db, actor, reply }, { statementId }) => {
      const statement = await getStatement(db, actor, statementId)
      reply.header('content-disposition', fileName(statement, 'csv'))
      return { bytes: Buffer.from(statementAsCsv(statement)) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/cost-statements/:statementId/lines.jsonl',
    scope: 'ledger:read',
    summary: 'Export a net-cost statement, one JSON object a line: the statement, then its sales',
    input: Key,
    output: SentFile,
    sends: 'application/x-ndjson',
    handle: async ({ db, actor, reply }, { statementId }) => {
      const statement = await getStatement(db, actor, statementId)
      reply.header('content-disposition', fileName(statement, 'jsonl'))
      return { bytes: Buffer.from(statementAsJsonLines(statement)) }
    },
  }),
]

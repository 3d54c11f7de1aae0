export { issueStatements } from './issue-statements.ts'
export { costStatementRoutes } from './routes.ts'

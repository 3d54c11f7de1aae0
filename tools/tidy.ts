import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { createdTable, splitStatements } from '../src/platform/sql-statements.ts'
import { at, isText, visit } from './syntax.ts'
import { ownersOf, tablesIn } from './tables.ts'

/** Past this a file usually hides two ideas. */
const MAX_LINES = 350

/** Who may read the system's clock: the clock itself, ids and log lines (no business date), programs on someone else's machine. */
const CLOCK_READERS = /^src\/(kernel\/(time|ids)\.ts$|platform\/log\.ts$|web\/|cli\/|sdk\/)|\.test\.tsx?$/

const SQL = /\b(select|insert\s+into|update|delete\s+from|truncate|create\s+table|alter\s+table|copy)\b/i
const SQL_CLOCK =
  /\b(now\s*\(\s*\)|(clock|statement|transaction)_timestamp\s*\(|current_(timestamp|date|time)\b|localtime(stamp)?\b)/i

interface Mention {
  readonly table: string
  readonly file: string
}

/**
 * What no general linter knows about this project, below `baseDir`: a table is touched in its owner's folder alone
 * (and in hot statements, `*.hot.ts`), time comes from the clock that is passed in, no escape from the type checker,
 * no file of more than 350 lines.
 *
 * @returns One line a finding; reading no source at all is one.
 */
export function checkTidiness(baseDir: string): string[] {
  const files = globSync('{src,test,tools,bench,examples}/**/*.{ts,tsx}', { cwd: baseDir }).sort()
  if (files.length === 0) return ['no source found']
  const sources = files.map((file) =>
    ts.createSourceFile(file, readFileSync(join(baseDir, file), 'utf8'), ts.ScriptTarget.Latest, true),
  )
  const found: string[] = []
  const mentions: Mention[] = []
  const tables = new Set(tablesOfMigrations(baseDir))
  for (const source of sources) {
    const lines = source.getLineStarts().length
    if (lines > MAX_LINES) found.push(`${source.fileName}: ${lines} lines, more than ${MAX_LINES}`)
    found.push(...escapes(source))
    if (!source.fileName.startsWith('src/') || /\.test\.tsx?$/.test(source.fileName)) continue
    found.push(...clocks(source))
    for (const table of tablesIn(source, tables, SQL)) mentions.push({ table, file: source.fileName })
  }
  return [...found, ...strangers(mentions, ownersOf(sources, tables))].sort()
}

function tablesOfMigrations(baseDir: string): string[] {
  return globSync('migrations/*.sql', { cwd: baseDir })
    .flatMap((file) => splitStatements(readFileSync(join(baseDir, file), 'utf8')))
    .map(createdTable)
    .filter((table) => table !== undefined)
}

/** Tables that a folder mentions though another one owns them; without a declared owner, only one folder may. */
function strangers(mentions: readonly Mention[], owners: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const [table, places] of Map.groupBy(mentions, (mention) => mention.table)) {
    const strict = places.map(({ file }) => file).filter((file) => !file.endsWith('.hot.ts'))
    const owner = owners.get(table)
    if (owner) {
      for (const file of strict.filter((file) => folderOf(file) !== owner))
        found.push(`${file}: touches table ${table}, which belongs to src/${owner}`)
    } else if (new Set(strict.map(folderOf)).size > 1)
      found.push(`table ${table} is touched by ${strict.join(', ')}: one must declare it in its schema.ts`)
  }
  return found
}

const folderOf = (file: string): string => file.split('/')[1] ?? ''

function clocks(source: ts.SourceFile): string[] {
  const found: string[] = []
  const mayRead = CLOCK_READERS.test(source.fileName)
  visit(source, (node) => {
    // The job queue lives by the database's time, not by a reseller's.
    const isQueue = node.getText().includes('graphile_worker.')
    if (isText(node) && !isQueue && SQL.test(node.getText()) && SQL_CLOCK.test(node.getText()))
      found.push(`${at(source, node)}: SQL reads the clock; pass the time in`)
    if (mayRead) return
    const isNow = ts.isCallExpression(node) && node.expression.getText() === 'Date.now'
    const isNewDate = ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length
    if (isNow || isNewDate) found.push(`${at(source, node)}: reads the system's clock; take a Clock`)
  })
  return found
}

function escapes(source: ts.SourceFile): string[] {
  const found: string[] = []
  visit(source, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(`${at(source, node)}: any`)
  })
  const lines = source.text.split('\n')
  for (const [index, line] of lines.entries())
    if (/^\s*(\/\/|\/\*|\{\/\*)\s*@ts-(ignore|nocheck|expect-error)/.test(line))
      found.push(`${source.fileName}:${index + 1}: silences the type checker`)
  return found
}

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { createdTable, splitStatements, withoutComments } from '../src/platform/sql-statements.ts'
import { IN_ORDER } from './import-rules.ts'
import { at, isText, visit } from './syntax.ts'
import { type Access, isSql, ownersOf, tablesIn } from './tables.ts'

/** Past this a file usually hides two ideas. */
const MAX_LINES = 350

/** Who may read the system's clock: the clock itself, ids and log lines (no business date), programs on someone else's machine. */
const CLOCK_READERS = /^src\/(kernel\/(time|ids)\.ts$|platform\/log\.ts$|web\/|cli\/|sdk\/)|\.test\.tsx?$/

const SQL_CLOCK =
  /\b(now\s*\(\s*\)|(clock|statement|transaction)_timestamp\s*\(|current_(timestamp|date|time)\b|localtime(stamp)?\b)/i

interface Mention {
  readonly table: string
  readonly file: string
  readonly access: Access
}

/**
 * What no general linter knows about this project, below `baseDir`: a table is touched in its owner's folder alone
 * (but for hot statements, `*.hot.ts`, and views that read downwards, `*-view.ts`), time comes from the clock that is passed in, no escape from the type checker,
 * no file of more than 350 lines.
 *
 * @returns One line a finding; reading no source at all is one.
 */
export function checkTidiness(baseDir: string): string[] {
  const files = globSync('{src,test,tools,bench,examples,simulate,torture}/**/*.{ts,tsx}', {
    cwd: baseDir,
    // What the bench installs for itself is not ours.
    exclude: ['**/node_modules/**'],
  }).sort()
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
    for (const [table, access] of tablesIn(source, tables)) mentions.push({ table, file: source.fileName, access })
  }
  return [...found, ...takenAway(baseDir), ...strangers(mentions, ownersOf(sources, tables))].sort()
}

/** The first migration that may meet a server of the release before at work (docs/operations.md "Upgrades"). */
const FIRST_BESIDE_ANOTHER = '0062'
/** A rename, and a column that the release before does not fill, are none that it can live with; nor can a cluster with the first. */
const TAKES_AWAY = /\brename\s+(?:to|column)\b|\bdrop\s+(?:table|column)\b|\bset\s+not\s+null\b/i

/** Migrations that take away what the release before reads or writes, which may run beside this one. */
const takenAway = (baseDir: string): string[] =>
  globSync('migrations/*.sql', { cwd: baseDir })
    .filter((file) => basename(file) >= FIRST_BESIDE_ANOTHER)
    .flatMap((file) =>
      splitStatements(readFileSync(join(baseDir, file), 'utf8'))
        .map((statement) => TAKES_AWAY.exec(withoutComments(statement))?.[0])
        .filter((match) => match !== undefined)
        .map((match) => `${file}: ${match.toLowerCase()}; the release before may be at work beside it`),
    )

function tablesOfMigrations(baseDir: string): string[] {
  return globSync('migrations/*.sql', { cwd: baseDir })
    .flatMap((file) => splitStatements(readFileSync(join(baseDir, file), 'utf8')))
    .map(createdTable)
    .filter((table) => table !== undefined)
}

/**
 * Tables that a file touches though another folder owns them (docs/adr/0004-capabilities-and-views.md). The owner is who
 * declares the row, else the one folder that writes the table.
 */
function strangers(mentions: readonly Mention[], declared: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const [table, places] of Map.groupBy(mentions, (mention) => mention.table)) {
    const strict = places.filter(({ file }) => !file.endsWith('.hot.ts'))
    const folders = new Set(strict.map(({ file }) => folderOf(file)))
    const writers = new Set(strict.filter(({ access }) => access === 'write').map(({ file }) => folderOf(file)))
    const owner = declared.get(table) ?? (writers.size === 1 ? [...writers][0] : undefined)
    for (const { file, access } of strict) {
      if (access === 'write' && file.endsWith('-view.ts')) found.push(`${file}: a view that writes table ${table}`)
      else if (owner !== undefined && folderOf(file) !== owner && !mayRead(file, access, table, owner))
        found.push(`${file}: ${access}s table ${table}, which belongs to src/${owner}`)
    }
    if (owner === undefined && folders.size > 1)
      found.push(`table ${table} is touched by ${strict.map(({ file }) => file).join(', ')}: its owner declares no row`)
  }
  return found
}

/** Everyone may join `tenants`, to ask who sees a row; a view may read the tables of those below it. */
function mayRead(file: string, access: Access, table: string, owner: string): boolean {
  if (access === 'write') return false
  const [own, below] = [IN_ORDER.indexOf(folderOf(file)), IN_ORDER.indexOf(owner)]
  return table === 'tenants' || (file.endsWith('-view.ts') && below < own)
}

const folderOf = (file: string): string => file.split('/')[1] ?? ''

function clocks(source: ts.SourceFile): string[] {
  const found: string[] = []
  const mayRead = CLOCK_READERS.test(source.fileName)
  visit(source, (node) => {
    // The job queue lives by the database's time, not by a reseller's.
    const isQueue = node.getText().includes('graphile_worker.')
    if (isText(node) && !isQueue && isSql(node.getText()) && SQL_CLOCK.test(node.getText()))
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

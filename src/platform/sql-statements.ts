/**
 * Where the next piece ends that may hold a semicolon without ending a statement: comments, quoted text and names,
 * dollar-quoted bodies. `E'…\'…'` is not known: migrations double their quotes.
 */
const OPAQUE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g

/** Splits a script into its statements, without their semicolons; comments before a statement stay with it. */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let start = 0
  for (const match of script.matchAll(OPAQUE)) {
    if (match[0] !== ';') continue
    statements.push(script.slice(start, match.index).trim())
    start = match.index + 1
  }
  statements.push(script.slice(start).trim())
  return statements.filter((statement) => withoutComments(statement).trim() !== '')
}

/** The statement with its comments blanked; quoted text stays. */
export function withoutComments(sql: string): string {
  return sql.replace(OPAQUE, (piece) => (piece.startsWith('--') || piece.startsWith('/*') ? ' ' : piece))
}

/** The name of the table that a statement creates; `undefined` for other statements and for partitions. */
export function createdTable(statement: string): string | undefined {
  const match = /^\s*create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?\s*(\(|partition\s+of)/i.exec(
    withoutComments(statement),
  )
  return match?.[2] === '(' ? match[1] : undefined
}

/** The name of the table whose rows a statement updates; `undefined` for other statements. */
export function updatedTable(statement: string): string | undefined {
  return /^\s*update\s+(\w+)\s+set\s/i.exec(withoutComments(statement))?.[1]
}

/**
 * One statement for each subcommand of an `alter table`, in order, and a column's `check` as a constraint of its own,
 * named as there or as PostgreSQL names it; any other statement as it is. A cluster takes nothing more at a time (Citus 13).
 */
export function splitSubcommands(statement: string): string[] {
  const [, head, table, rest] = /^\s*(alter\s+table\s+(\w+))\s+([\s\S]*)$/i.exec(withoutComments(statement)) ?? []
  if (!head || !table || !rest) return [statement]
  return splitOutside(rest, ',')
    .flatMap((subcommand) => withoutCheck(table, subcommand.trim()))
    .map((subcommand) => `${head} ${subcommand}`)
}

function withoutCheck(table: string, subcommand: string): string[] {
  const column = /^add\s+column\s+(\w+)/i.exec(subcommand)?.[1]
  const [before = '', condition] = splitOutside(subcommand, 'check')
  if (!column || condition === undefined) return [subcommand]
  const [, bare, name] = /^([\s\S]*?)(?:\s+constraint\s+(\w+))?\s*$/i.exec(before) ?? []
  return [bare ?? before, `add constraint ${name ?? `${table}_${column}_check`} check ${condition.trim()}`]
}

/** Splits where the word or sign stands outside brackets, quoted texts and names. */
function splitOutside(sql: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: piece, index } of sql.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|[(),[\]]/g)) {
    if (piece === '(' || piece === '[') depth++
    if (piece === ')' || piece === ']') depth--
    if (depth > 0 || piece.toLowerCase() !== separator) continue
    parts.push(sql.slice(start, index))
    start = index + separator.length
  }
  return [...parts, sql.slice(start)]
}

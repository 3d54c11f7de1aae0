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

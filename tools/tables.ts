import ts from 'typescript'
import { isText, visit } from './syntax.ts'

const BUILDER =
  /^(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|replaceInto|(inner|left|right|full|cross)Join|using)$/
const AFTER_KEYWORD =
  /\b(?:from|join|into|update|table|truncate|copy|using)\s+(?:only\s+|if\s+exists\s+)?"?([a-z_][a-z0-9_]*)"?/gi

/**
 * Who owns a table: the folder of `src` that adds its row to `interface Database`.
 *
 * @returns Table → folder.
 */
export function ownersOf(sources: readonly ts.SourceFile[], tables: ReadonlySet<string>): Map<string, string> {
  const owners = new Map<string, string>()
  for (const source of sources)
    visit(source, (node) => {
      if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'Database') return
      for (const member of node.members) {
        const table = member.name?.getText().replaceAll(/['"]/g, '')
        if (table && tables.has(table)) owners.set(table, source.fileName.split('/')[1] ?? '')
      }
    })
  return owners
}

/** Tables that a file names in SQL: in calls of the query builder, and in texts that hold a statement. */
export function tablesIn(source: ts.SourceFile, tables: ReadonlySet<string>, sql: RegExp): Set<string> {
  const found = new Set<string>()
  const add = (name: string | undefined) => {
    if (name && tables.has(name)) found.add(name)
  }
  visit(source, (node) => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const first = node.arguments[0]
      if (BUILDER.test(node.expression.name.text) && first && ts.isStringLiteralLike(first))
        add(first.text.split(' ')[0])
    }
    const text = isText(node) ? node.getText() : ''
    if (sql.test(text)) for (const [, name] of text.matchAll(AFTER_KEYWORD)) add(name?.toLowerCase())
  })
  return found
}

import ts from 'typescript'
import { isText, visit } from './syntax.ts'

const BUILDER_READS = /^(selectFrom|(inner|left|right|full|cross)Join|using)$/
const BUILDER_WRITES = /^(insertInto|updateTable|deleteFrom|mergeInto|replaceInto)$/
const SQL = /\b(select|insert\s+into|update|delete\s+from|truncate|create\s+table|alter\s+table|copy)\b/i
const NAME = String.raw`\s+(?:only\s+|if\s+exists\s+)?"?([a-z_][a-z0-9_]*)"?`
const SQL_READS = new RegExp(String.raw`\b(?:(?<!delete\s+)from|join|using)${NAME}`, 'gi')
// `for update` and `do update set` name no table: what follows them is not in the list of tables.
const SQL_WRITES = new RegExp(String.raw`\b(?:into|update|delete\s+from|table|truncate|copy)${NAME}`, 'gi')

export type Access = 'read' | 'write'

/** Whether a text holds a statement, rather than words for people. */
export const isSql = (text: string): boolean => SQL.test(text)

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

/** Tables that a file names in calls of the query builder and in SQL, and whether it ever writes them. */
export function tablesIn(source: ts.SourceFile, tables: ReadonlySet<string>): Map<string, Access> {
  const found = new Map<string, Access>()
  const add = (name: string | undefined, access: Access) => {
    if (name && tables.has(name) && found.get(name) !== 'write') found.set(name, access)
  }
  visit(source, (node) => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const first = node.arguments[0]
      const table = first && ts.isStringLiteralLike(first) ? first.text.split(' ')[0] : undefined
      const method = node.expression.name.text
      if (BUILDER_READS.test(method)) add(table, 'read')
      if (BUILDER_WRITES.test(method)) add(table, 'write')
    }
    const text = isText(node) ? node.getText() : ''
    if (!isSql(text)) return
    for (const [, name] of text.matchAll(SQL_READS)) add(name?.toLowerCase(), 'read')
    for (const [, name] of text.matchAll(SQL_WRITES)) add(name?.toLowerCase(), 'write')
  })
  return found
}

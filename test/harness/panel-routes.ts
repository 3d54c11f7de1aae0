import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const FILE = join(import.meta.dirname, '../../src/web/panel/routes.tsx')

/**
 * Every address of control panel and portal that shows a page, as `src/web/panel/routes.tsx` has them:
 * `/portal/accounts/:accountId`. Read from the source, so that a new page cannot be forgotten; what only leads on
 * (a `redirect`) is left out.
 *
 * @throws {Error} An address is written in a way that is not read here: it would be looked at by nobody.
 */
export function panelRoutes(): string[] {
  const source = ts.createSourceFile(FILE, readFileSync(FILE, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const walk = (node: ts.Node, above: string): void => {
    let base = above
    if (ts.isObjectLiteralExpression(node)) {
      const path = textOf(node, 'path')
      base = path?.startsWith('/') ? path : path === undefined ? above : `${above}/${path}`
      const loads = node.properties.some((each) => /^(\.\.\.lazy\(|lazy\b)/.test(each.getText()))
      if (loads && !has(node, 'children')) found.push(base)
      const isAddress = path !== undefined || has(node, 'index')
      const leadsOn = /redirect\(|throw new Response/.test(property(node, 'loader')?.getText() ?? '')
      if (isAddress && !loads && !leadsOn && !has(node, 'children')) throw new Error(`What does ${base} show?`)
    }
    if (ts.isCallExpression(node) && node.expression.getText() === 'page') {
      const [path] = node.arguments
      if (!path || !ts.isStringLiteral(path)) throw new Error(`What is the address of ${node.getText()}?`)
      found.push(path.text.startsWith('/') ? path.text : `${above}/${path.text}`)
    }
    ts.forEachChild(node, (child) => walk(child, base))
  }
  walk(source, '')
  return [...new Set(found)]
}

const property = (node: ts.ObjectLiteralExpression, name: string): ts.PropertyAssignment | undefined =>
  node.properties.filter(ts.isPropertyAssignment).find((each) => each.name.getText() === name)

const has = (node: ts.ObjectLiteralExpression, name: string): boolean => property(node, name) !== undefined

function textOf(node: ts.ObjectLiteralExpression, name: string): string | undefined {
  const value = property(node, name)?.initializer
  return value && ts.isStringLiteral(value) ? value.text : undefined
}

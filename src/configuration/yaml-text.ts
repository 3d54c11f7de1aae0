import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  stringify,
  visit,
} from 'yaml'
import { BuylinkError, type Problem } from '../kernel/errors.ts'

/** A file's contents, and where each part of it stands. */
export interface ReadFile {
  /** Plain data; every number is the text that was written, so that `49.00` stays what it is. */
  readonly value: unknown
  /** The line of a part by its path (`products.0.plans.1.name`), or of the nearest part around it. */
  lineOf(path: string): number | undefined
}

/**
 * Reads YAML.
 *
 * @throws {BuylinkError} `unprocessable`, with the line of what cannot be read.
 */
export function readYaml(text: string): ReadFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, uniqueKeys: false })
  const malformed = (offset: number, message: string): Problem => {
    const { line } = lines.linePos(offset)
    return { path: `line ${line}`, code: 'malformed', message: `Line ${line}: ${message}` }
  }
  const problems = document.errors.map(({ message, pos }) => malformed(pos[0], message))
  visit(document, {
    // Here, since the library's own check compares every key with every other one: minutes for a large file.
    Map: (_key, { items }) => {
      const known = new Set<string>()
      for (const { key } of items) {
        const name = String(isScalar(key) ? key.value : key)
        if (known.has(name)) problems.push(malformed(startOf(key) ?? 0, `${name} is there twice`))
        known.add(name)
      }
    },
  })
  const [first] = problems
  if (first) throw new BuylinkError('unprocessable', first.message, { problems })
  visit(document, {
    // An alias could unfold to more than memory holds.
    Alias: () => {
      throw new BuylinkError('unprocessable', 'Aliases (*name) are not read here: write the part out.')
    },
    Scalar: (_key, node) => {
      if (typeof node.value === 'number' || typeof node.value === 'bigint')
        node.value = node.source ?? String(node.value)
    },
  })
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    lineOf: (path) => {
      const offset = offsetOf(document, path.split('.'))
      return offset === undefined ? undefined : lines.linePos(offset).line
    },
  }
}

function offsetOf(document: Document.Parsed, parts: readonly string[]): number | undefined {
  let [node, offset]: [unknown, number | undefined] = [document.contents, undefined]
  for (const part of parts) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === part)
      if (!pair) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      offset = startOf(node) ?? offset
    } else break
  }
  return offset ?? startOf(document.contents)
}

const startOf = (node: unknown): number | undefined => (isNode(node) && !isAlias(node) ? node.range?.[0] : undefined)

/** Writes plain data; text that is a number is written without quotes. The same data always gives the same bytes. */
export function writeYaml(value: unknown): string {
  return stringify(withNumbers(value), { lineWidth: 120, indentSeq: true, aliasDuplicateObjects: false })
}

function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]))
  if (typeof value !== 'string' || !/^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/.test(value)) return value
  const digits = value.split('.')[1]?.length ?? 0
  const number = Number(value)
  // What a number would change (`0.0000001`, many digits) stays quoted text.
  if (number.toFixed(digits) !== value || (digits > 0 && Math.abs(number) < 1e-5 && number !== 0)) return value
  const scalar = new Scalar(number)
  if (digits > 0) scalar.minFractionDigits = digits
  return scalar
}

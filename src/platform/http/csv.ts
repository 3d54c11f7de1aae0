import { z } from 'zod'
import { csvLines } from '../../kernel/csv.ts'
import type { Actor } from '../actor.ts'
import { SentFile } from './file.ts'
import { type AnyRoute, route, type RouteContext } from './route.ts'
import { definitionOf, toSnake, unwrap } from './wire-names.ts'
import { wireOf } from './wire.ts'

/** Rows read at once: the memory of an export, however long it is. */
const BATCH = 500

interface CsvColumn {
  readonly name: string
  readonly read: (row: unknown) => unknown
}

interface CsvWish {
  /**
   * A field that lists objects, as the wire calls it, such as an amount a currency: a row for each, numbers of the rest
   * in the first one alone, so that a column adds up.
   */
  readonly perEntry?: string
}

type ListPage = { readonly items: readonly unknown[]; readonly nextCursor?: string | null }

/**
 * A list and its twin for a spreadsheet: `/api/v1/orders` and `/api/v1/orders.csv`. Same scope, same filters, same
 * order, the same reading of the same pages; so whoever sees nothing in the list has an empty file. A column a field,
 * those of an object by its name (`account_name`), an amount beside its currency, a list in one cell.
 */
export function withCsv(list: AnyRoute, { perEntry }: CsvWish = {}): AnyRoute[] {
  const name = /([a-z-]+)$/.exec(list.path)?.[1] ?? 'list'
  const page = definitionOf(unwrap(list.output)).shape ?? {}
  const item = page['items'] && definitionOf(unwrap(page['items'])).element
  if (!item) throw new TypeError(`${list.path} lists nothing`)
  const columns = columnsOf(item, '', (row) => row, perEntry)
  const wire = wireOf(list.output)
  const isPaged = 'cursor' in (definitionOf(unwrap(list.input)).shape ?? {})
  const read = async (context: RouteContext<Actor>, input: object, cursor: string | undefined) => {
    const asked = isPaged ? { ...input, limit: BATCH, cursor } : input
    // A list's scope has been checked for its twin: the same one.
    return (await list.handle(context as Parameters<typeof list.handle>[0], asked)) as ListPage
  }
  const file = route({
    method: 'GET',
    path: `${list.path}.csv`,
    scope: list.scope,
    tag: list.tag ?? /^\/api\/v1\/([^/]+)/.exec(list.path)?.[1] ?? name,
    summary: `${list.summary}, as a file for spreadsheets`,
    description:
      'Everything that the filters let through, all pages: UTF-8, a row each, no text that a spreadsheet would run.',
    input: withoutPaging(list.input),
    output: SentFile,
    sends: 'text/csv',
    async handle(context, input) {
      // The first page is read before anything is sent, so that what fails still answers as a failure.
      const first = await read(context, input as object, undefined)
      context.reply.header('content-disposition', `attachment; filename="${name}.csv"`)
      const rows = (page: ListPage) =>
        (wire.write(page) as ListPage).items
          .flatMap((row) => (perEntry === undefined ? [row] : entriesOf(row, perEntry)))
          .map((row) => columns.map((column) => cellOf(column.read(row))))
      return {
        text: (async function* () {
          yield csvLines([columns.map((column) => column.name)], { isFirst: true })
          for (let page = first; ; page = await read(context, input as object, page.nextCursor ?? undefined)) {
            yield csvLines(rows(page))
            if (!page.nextCursor) return
          }
        })(),
      }
    },
  })
  return [list, file]
}

function withoutPaging(input: z.ZodType): z.ZodType {
  const fields = Object.entries(definitionOf(unwrap(input)).shape ?? {})
  return z.object(Object.fromEntries(fields.filter(([name]) => name !== 'cursor' && name !== 'limit')))
}

/** Columns of what a schema writes. A version is for changing something, not for reading. */
function columnsOf(schema: z.ZodType, name: string, read: CsvColumn['read'], perEntry?: string): CsvColumn[] {
  const { type, shape } = definitionOf(unwrap(schema))
  if (type !== 'object' || !shape) return [{ name, read }]
  const isMoney = Object.keys(shape).sort().join() === 'amount,currency'
  return Object.entries(shape)
    .filter(([field]) => name !== '' || field !== 'version')
    .flatMap(([field, inner]) => {
      const wire = toSnake(field)
      const entry = wire === perEntry ? definitionOf(unwrap(inner)).element : undefined
      if (entry) return columnsOf(entry, '', (row) => (read(row) as Record<string, unknown>)[wire])
      const path = isMoney && field === 'amount' ? name : name === '' ? wire : `${name}_${wire}`
      return columnsOf(inner, path, (row) => (read(row) as Record<string, unknown> | null | undefined)?.[wire])
    })
}

function entriesOf(row: unknown, field: string): unknown[] {
  const whole = row as Record<string, unknown>
  const entries = whole[field] as readonly unknown[]
  if (entries.length === 0) return [{ ...whole, [field]: null }]
  const uncounted = Object.fromEntries(
    Object.entries(whole).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]),
  )
  return entries.map((entry, index) => ({ ...(index === 0 ? whole : uncounted), [field]: entry }))
}

function cellOf(value: unknown): string | number {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'string') return value
  const isPlain = Array.isArray(value) && value.every((each) => typeof each !== 'object')
  return isPlain ? value.join('; ') : typeof value === 'object' ? JSON.stringify(value) : String(value)
}

import { z } from 'zod'
import { BuylinkError } from '../../kernel/errors.ts'
import type { Id } from '../../kernel/ids.ts'
import { isCurrency, type Money, parseAmount, toWire } from '../../kernel/money.ts'

/** A UUID in lower case, however it was written. */
export const Uuid = z.uuid().toLowerCase()

/** A UUID of one kind of thing: `idOf<OrderId>()`. */
export const idOf = <T extends Id<string>>(): z.ZodType<T, T> =>
  // The brand exists for the compiler alone.
  Uuid as unknown as z.ZodType<T, T>

const INT8_MAX = 9_223_372_036_854_775_807n
const Digits = z.string().regex(/^(0|[1-9]\d{0,18})$/, 'Must be a whole number')
/** What is no number at all has its own message; its check has run before, but does not end the others. */
const fitsInt8 = (digits: string): boolean => !/^\d{1,19}$/.test(digits) || BigInt(digits) <= INT8_MAX

/** A numeric id of the documents (plans, periods, resources): a decimal string on the wire and inside. */
export const NumericId = Digits.refine(fitsInt8, 'Is too large').meta({ examples: ['1840'] })

/** A whole number ≥ 0 that may pass 2^53: a decimal string on the wire, bigint inside. */
export const Whole = z.codec(Digits.refine(fitsInt8, 'Is too large'), z.bigint().nonnegative(), {
  decode: BigInt,
  encode: String,
})

/** How often a resource was written: a number on the wire, bigint inside. Also its ETag. */
export const Version = z.codec(z.int().positive(), z.bigint().positive(), { decode: BigInt, encode: Number })

/** RFC 3339 on the wire, always UTC when we write it; a Date inside. */
export const Instant = z
  .codec(z.iso.datetime({ offset: true }), z.date(), {
    decode: (text) => new Date(text),
    encode: (at) => at.toISOString(),
  })
  .meta({ examples: ['2026-03-01T12:00:00.000Z'] })

const WireMoney = z.object({
  amount: z.string().meta({ description: 'A decimal with at most the digits of the currency', examples: ['199.99'] }),
  currency: z.string().meta({ description: 'ISO 4217', examples: ['EUR'] }),
})
const InnerMoney = z.object({ amountMinor: z.bigint(), currency: z.string() }).readonly()

/** `{"amount": "199.99", "currency": "EUR"}` on the wire, `Money` inside. Refuses unknown currencies and digits that would be lost. */
export const Amount = z.codec(WireMoney, InnerMoney, {
  decode({ amount, currency }, context): Money {
    const refuse = (path: string, message: string): Money => {
      context.issues.push({ code: 'custom', path: [path], message, input: { amount, currency } })
      return z.NEVER
    }
    if (!isCurrency(currency)) return refuse('currency', 'Must be an ISO 4217 code such as EUR')
    const amountMinor = parseAmount(amount, currency)
    if (amountMinor === undefined) return refuse('amount', `Must be a decimal with no more digits than ${currency} has`)
    if (amountMinor > INT8_MAX || amountMinor < -INT8_MAX) return refuse('amount', 'Is too large')
    return { amountMinor, currency }
  },
  encode: toWire,
})

export const PAGE_LIMIT = { default: 50, max: 200 } as const

/** Input of every list: `z.object({ ...pageInput, status: … })`. */
export const pageInput = {
  cursor: z.string().max(500).optional().meta({ description: '`next_cursor` of the page before' }),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT.max).default(PAGE_LIMIT.default),
}

/** Output of every list. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Where a page ended, as text that callers hand back unread. */
export const encodeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/**
 * Reads what `encodeCursor` wrote.
 *
 * @param shape A tuple of the parts: `z.tuple([Uuid])`; a cursor that was altered never reaches the database.
 * @throws {BuylinkError} `invalid_request`.
 */
export function decodeCursor<Shape extends z.ZodType>(cursor: string, shape: Shape): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (cause) {
    const problem = { path: 'cursor', code: 'invalid', message: 'Use next_cursor of the page before, unchanged' }
    throw new BuylinkError('invalid_request', 'The cursor is not one of ours.', { cause, problems: [problem] })
  }
}

/** Makes a page of `limit + 1` rows read: the last one only tells that there is more. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly string[],
): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null }
}

import { BuylinkError, type ErrorCode } from '../../kernel/errors.ts'
import { toWire } from '../../kernel/money.ts'
import { asUnavailable, sqlState } from '../db.ts'
import type { ErrorAnswer, Failure } from './route.ts'
import { toSnake } from './wire-names.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** `price_changed` is titled "Price changed". */
const titleOf = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ')

/** RFC 9457 problem details with our `code`, `errors` (one a field, paths in names of the wire) and `request_id`. */
export function renderProblem({ error, requestId }: Failure): ErrorAnswer {
  return {
    status: error.status,
    headers: headersFor(error),
    body: {
      ...(extraToWire(error.extra) as object),
      type: `/problems/${error.code}`,
      title: titleOf(error.code),
      status: error.status,
      code: error.code,
      detail: error.message,
      // A link's problems have a shape of their own (part, position, suggestion).
      errors: error.extra['errors'] ?? error.problems,
      request_id: requestId,
    },
  }
}

/** Headers that a status asks for (RFC 9110 §11.6.1, §10.2.3), whatever shape the body has. */
export function headersFor(error: BuylinkError): Record<string, string> {
  if (error.code === 'unauthenticated') return { 'www-authenticate': 'Bearer' }
  const seconds = error.extra['retryAfterSeconds'] ?? (error.status === 503 ? 1 : undefined)
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {}
}

/** Values of an error's extra members as the wire has them; they have no schema, so they are told by their look. */
function extraToWire(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(extraToWire)
  if (typeof value !== 'object' || value === null) return value
  if ('amountMinor' in value && typeof value.amountMinor === 'bigint' && 'currency' in value)
    return toWire({ amountMinor: value.amountMinor, currency: String(value.currency) })
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [toSnake(key), extraToWire(item)]))
}

/** Faults of a request that the framework finds, by its error codes. */
const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed', 'Content-Length does not match the body.'],
  FST_ERR_BAD_URL: ['malformed', 'The path is not a valid one.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is nothing at this address.'],
}

/** SQLSTATEs for a character that no text of the database can hold: NUL, half of a surrogate pair. */
const UNSTORABLE = new Set(['22021', '22P05'])
/** Lost to a rival or out of time: the same request may well succeed. */
const TRANSIENT = new Set(['40001', '40P01', '55P03', '57014'])

/**
 * The expected failure behind anything that was thrown; `undefined` for what nobody expected: a fault of ours.
 */
export function asExpected(thrown: unknown): BuylinkError | undefined {
  if (thrown instanceof BuylinkError) return thrown
  const state = sqlState(thrown)
  if (state !== undefined && UNSTORABLE.has(state))
    return new BuylinkError('invalid_request', 'A text has a character that cannot be stored.', { cause: thrown })
  if (state !== undefined && TRANSIENT.has(state))
    return new BuylinkError('database_unavailable', 'Too much is under way; try again shortly.', { cause: thrown })
  const unavailable = asUnavailable(thrown)
  if (unavailable instanceof BuylinkError) return unavailable
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  const known = FRAMEWORK[code]
  if (known) return new BuylinkError(known[0], known[1], { cause: thrown })
  if (code.startsWith('FST_ERR_CTP_'))
    return new BuylinkError('malformed', 'The body cannot be read.', { cause: thrown })
  // The server of files tells a path that leads out of its folder by a status alone.
  if (thrown instanceof Error && 'statusCode' in thrown && (thrown.statusCode === 403 || thrown.statusCode === 404))
    return new BuylinkError('not_found', 'There is nothing at this address.', { cause: thrown })
  if (thrown instanceof RangeError && thrown.message.startsWith('Maximum call stack'))
    return new BuylinkError('malformed', 'The body is nested too deeply.', { cause: thrown })
  return undefined
}

export const unexpected = (thrown: unknown): BuylinkError =>
  new BuylinkError('internal', 'Something went wrong on our side. It was written down under the request id.', {
    cause: thrown,
  })

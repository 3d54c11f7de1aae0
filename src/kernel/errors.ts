/** Stable error codes and the HTTP status each answers with. One table: a code means one thing everywhere. */
const STATUS = {
  invalid_request: 400,
  malformed: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  second_factor_required: 401,
  quota_exceeded: 402,
  csrf_failed: 403,
  forbidden: 403,
  not_found: 404,
  store_not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  price_changed: 409,
  idempotency_conflict: 409,
  idempotency_in_progress: 409,
  second_subscription: 409,
  trial_used: 409,
  order_unfinished: 409,
  recurring_not_accepted: 409,
  usage_above_quota: 409,
  balance_too_low: 409,
  gateway_refused: 422,
  gone: 410,
  token_expired: 410,
  checkout_expired: 410,
  version_mismatch: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  link_invalid: 422,
  weak_password: 422,
  registration_incomplete: 422,
  terms_not_accepted: 422,
  quantity_out_of_range: 422,
  promo_code_refused: 422,
  amount_invalid: 422,
  precondition_required: 428,
  rate_limited: 429,
  internal: 500,
  database_unavailable: 503,
  gateway_unavailable: 503,
  store_unavailable: 503,
} as const

export type ErrorCode = keyof typeof STATUS

/** One thing wrong with one part of the input; `path` uses the names of the wire. */
export interface Problem {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** An expected failure. `message` is safe to show a customer; `cause` goes to the log only. */
export class BuylinkError extends Error {
  override readonly name = 'BuylinkError'
  readonly code: ErrorCode
  readonly problems: readonly Problem[]
  /** Extra members of the problem+json answer (RFC 9457 §3.2), camelCase. */
  readonly extra: Readonly<Record<string, unknown>>
  /** Answers with another status than the table's, for answers whose status depends on their contents. */
  readonly status: number

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown
      problems?: readonly Problem[]
      extra?: Readonly<Record<string, unknown>>
      status?: number
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.problems = options.problems ?? []
    this.extra = options.extra ?? {}
    this.status = options.status ?? STATUS[code]
  }
}

/** States what must be true here; a failure is our mistake, never the customer's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`)
}

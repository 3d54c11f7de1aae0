import type { CorrelationId } from '../../kernel/ids.ts'

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/

export interface Trace {
  /** The trace id written as a UUID: one id from the caller's trace through our events, mails and logs. */
  readonly correlationId: CorrelationId
  /** W3C `traceparent` for what we call and what we answer: the same trace, a span of our own. */
  readonly traceparent: string
}

/**
 * Takes up the caller's trace (W3C Trace Context), or begins one under the request's own id.
 *
 * @param requestId A UUID; its last 16 digits are random and name our span.
 */
export function traceOf(requestId: string, traceparent: string | undefined): Trace {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent)
  const digits = requestId.replaceAll('-', '')
  const traceId = match?.[1] ?? digits
  return {
    correlationId: match ? asUuid(traceId) : requestId,
    traceparent: `00-${traceId}-${digits.slice(16)}-${match?.[2] ?? '00'}`,
  }
}

const asUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

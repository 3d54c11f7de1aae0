/** How long a delivery is tried: three days (spec/commerce.md "Events, handlers, notifications"). */
export const RETRY_MS = 3 * 24 * 3_600_000

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Waits between tries; the last one repeats until three days are over. */
const WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
const LONGEST_MS = 8 * HOUR
/** Receivers that fail together must not be asked again together. */
const JITTER = 0.2

/**
 * When a delivery that failed is tried again; undefined: it is given up, after a last try as the three days end.
 *
 * @param failure `tries` made so far, this one included; `since`: when the first of them was due;
 * `retryAfterMs`: what the receiver asked for; `random`: from 0 to 1.
 */
export function nextTry(failure: {
  readonly tries: number
  readonly since: Date
  readonly at: Date
  readonly retryAfterMs?: number | undefined
  readonly random: number
}): Date | undefined {
  const { tries, since, at, retryAfterMs = 0, random } = failure
  const endMs = since.getTime() + RETRY_MS
  if (at.getTime() >= endMs) return undefined
  const planned = (WAITS_MS[tries - 1] ?? LONGEST_MS) * (1 + JITTER * random)
  const waitMs = Math.max(planned, Math.min(retryAfterMs, LONGEST_MS))
  return new Date(Math.min(at.getTime() + waitMs, endMs))
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110 §10.2.3); undefined where it is neither. */
export function retryAfterMs(header: string | undefined, at: Date): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - at.getTime())
}

export type Verdict = 'delivered' | 'gone' | 'retry'

/** What a status means (Standard Webhooks): 2xx is taken, 410 asks for no more, anything else is tried again. */
export function judgeStatus(status: number): Verdict {
  if (status >= 200 && status < 300) return 'delivered'
  return status === 410 ? 'gone' : 'retry'
}

/** An empty list asks for every event; `order.*` for all that begin so. */
export const wantsEvent = (wanted: readonly string[], type: string): boolean =>
  wanted.length === 0 ||
  wanted.some((each) => each === type || (each.endsWith('.*') && type.startsWith(each.slice(0, -1))))

/** What decides which handlers apply, of a handler. */
export interface Placed {
  /** Its own name in the tree: the key of a built-in one, else its id. */
  readonly key: string
  /** The key of the one that it stands in for; null: it stands for itself. */
  readonly overrides: string | null
  /** Applies to resellers below its owner too. */
  readonly delegated: boolean
  readonly enabled: boolean
  /** Path of the owner's tenant; null: built in. */
  readonly ownerPath: string | null
}

/**
 * The handlers that apply at a seller, of the built-in ones and all on the way down to it: a seller's own, and
 * delegated ones of those above. Of several that stand for the same one the nearest counts; switched off, it silences
 * what it stands for.
 *
 * @param handlers From the top of the tree down, built-in ones first.
 */
export function effectiveHandlers<H extends Placed>(handlers: readonly H[], sellerPath: string): H[] {
  const byKey = new Map<string, H>()
  const applies = handlers.filter(
    ({ ownerPath, delegated }) => ownerPath === null || ownerPath === sellerPath || delegated,
  )
  for (const handler of applies) {
    // An override of an override stands for the same one: the root of the chain.
    const stood = handler.overrides === null ? undefined : applies.find(({ key }) => key === handler.overrides)
    byKey.set(stood?.overrides ?? handler.overrides ?? handler.key, handler)
  }
  return [...byKey.values()].filter(({ enabled }) => enabled)
}

/** Of the languages that texts exist in, the best for a reader: exact, then the language alone, then English, then any. */
export function chooseLanguage(available: readonly string[], wanted: string): string | undefined {
  const lower = wanted.toLowerCase()
  const [base] = lower.split('-')
  return (
    available.find((each) => each.toLowerCase() === lower) ??
    available.find((each) => each.toLowerCase() === base) ??
    available.find((each) => each.toLowerCase() === 'en') ??
    available[0]
  )
}

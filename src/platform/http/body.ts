import type { FastifyInstance } from 'fastify'
import { BuylinkError } from '../../kernel/errors.ts'

/** A body that was read: its text (for the hash of an idempotent request) and what it says. */
export interface ReadBody {
  readonly raw: string
  readonly value: unknown
}

/** The media types an API takes. Anything else is answered with 415 by the framework. */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i,
    { parseAs: 'string' },
    (_request, raw, done) => {
      try {
        done(null, parseJson(raw as string))
      } catch (error) {
        done(error as Error)
      }
    },
  )
}

/** A line that is no JSON, in its place among those that are. */
export class BadLine {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/**
 * What is more is refused by every route, so one more is read and no further: nobody has been asked yet who they are,
 * and telling what is wrong with millions of lines takes minutes.
 */
const MAX_LINES = 10_000

function readLine(line: string): unknown {
  try {
    return parseJson(line).value
  } catch (error) {
    return new BadLine(error instanceof Error ? error.message : 'The line is not JSON.')
  }
}

/** Only for routes that say `list`: one JSON value a line (NDJSON), blank lines left out. A bad line spoils no other. */
export function addLinesParser(app: FastifyInstance): void {
  app.addContentTypeParser(
    /^application\/(?:x-)?(?:ndjson|jsonl|jsonlines)\s*(?:;|$)/i,
    { parseAs: 'string' },
    (_request, raw, done) => {
      const text = raw as string
      const value: unknown[] = []
      for (const line of text.split('\n')) {
        const read = readLine(line)
        if (read !== undefined) value.push(read)
        if (value.length > MAX_LINES) break
      }
      done(null, { raw: text, value } satisfies ReadBody)
    },
  )
}

/** Only for routes that say `form`: elsewhere another site's page could post one without asking first. */
export function addFormParser(app: FastifyInstance): void {
  app.addContentTypeParser(
    /^application\/x-www-form-urlencoded\s*(?:;|$)/i,
    { parseAs: 'string' },
    (_request, raw, done) => {
      const text = raw as string
      done(null, { raw: text, value: Object.fromEntries(new URLSearchParams(text)) } satisfies ReadBody)
    },
  )
}

/** @throws {BuylinkError} `malformed`, saying where. An empty body is none. */
export function parseJson(raw: string): ReadBody {
  if (raw.trim() === '') return { raw, value: undefined }
  // Texts of the database cannot hold it.
  if (raw.includes('\\u0000')) throw new BuylinkError('malformed', 'The body has a NUL character.')
  try {
    return { raw, value: SURROGATE.test(raw) ? JSON.parse(raw, refuseHalves) : JSON.parse(raw) }
  } catch (cause) {
    if (cause instanceof BuylinkError) throw cause
    throw new BuylinkError('malformed', `The body is not valid JSON: ${whereItBreaks(raw, cause)}.`, { cause })
  }
}

/** Only what is escaped can be half a pair: bytes that are no UTF-8 have become U+FFFD. */
const SURROGATE = /\\u[dD][89a-fA-F]/

/** Neither UTF-8 nor the database's JSON can hold half of a surrogate pair. */
function refuseHalves(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value
  throw new BuylinkError('malformed', 'The body has half of a surrogate pair, which is no character.')
}

/** The engine says the position in words of its own, or not at all where the text just ends. */
function whereItBreaks(raw: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : ''
  const offset = /at position (\d+)/.exec(message)?.[1]
  if (offset === undefined) return /end of JSON/.test(message) ? 'it ends too early' : 'it does not begin like JSON'
  const before = raw.slice(0, Number(offset)).split('\n')
  return `it breaks at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

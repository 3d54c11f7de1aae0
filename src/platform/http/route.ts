import type { Logger } from 'pino'
import type { Pool } from 'pg'
import type { z } from 'zod'
import type { BuylinkError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Actor, Principal } from '../actor.ts'
import type { Db } from '../db.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What of the HTTP request an operation may need beyond its checked input. */
export interface RequestFacts {
  readonly id: string
  /** Lower case, without port; by `X-Forwarded-Host` only behind a trusted proxy. */
  readonly host: string
  /** Scheme, host and port as the client wrote them: `http://localhost:8080`. Never used in mails. */
  readonly origin: string
  readonly ip: string
  readonly userAgent: string
  readonly cookies: Readonly<Record<string, string | undefined>>
  /** The version in `If-Match: "7"`; undefined without the header. */
  readonly ifMatch: bigint | undefined
  readonly idempotencyKey: string | undefined
  /** `Authorization` as sent, for the token endpoint alone: elsewhere it has become the actor. */
  readonly authorization?: string | undefined
  /** The body as it came, '' without one: for signatures over its bytes. */
  readonly rawBody: string
  /** Any other header, by its lower-case name; of several the first. */
  header(name: string): string | undefined
  /** Best of `Accept-Language` among the languages we have: `en`. */
  readonly language: string
}

export interface CookieOptions {
  readonly maxAgeSeconds?: number
  readonly httpOnly?: boolean
  readonly path?: string
}

/** What an operation may say beyond its body. Cookies are host-only, `SameSite=Lax`, `HttpOnly`, `Secure` on https. */
export interface ReplyFacts {
  setCookie(name: string, value: string, options?: CookieOptions): void
  clearCookie(name: string): void
  header(name: string, value: string): void
  /** Another status of success than the route's. */
  status(code: number): void
}

export interface RouteContext<A extends Actor = Actor> {
  readonly db: Db
  readonly pool: Pool
  readonly clock: Clock
  readonly log: Logger
  readonly actor: A
  readonly request: RequestFacts
  readonly reply: ReplyFacts
}

/** A request that failed: an expected failure, or `internal` for one that is our own. */
export interface Failure {
  readonly error: BuylinkError
  readonly requestId: string
}

export interface ErrorAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/**
 * A route is data: router, auth, OpenAPI and Idempotency-Key replay all read it.
 * `input` is one object of path, query and body parts, camelCase inside, snake_case on the wire; so is `output`.
 */
export interface Route<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  S extends string | null = string | null,
> {
  readonly method: Method
  /** `/api/v1/orders/:orderId`: path parameters are camelCase names of `input`. */
  readonly path: string
  /** `orders:read`; null: anyone, signed in or not. */
  readonly scope: S
  readonly summary: string
  /** Longer text for the reference: rules, units, what is retried. */
  readonly description?: string
  readonly tag?: string
  readonly input: I
  readonly output: O
  /** Status of success: 200 unless said; 204 sends no body. */
  readonly status?: number
  /** Requests a minute for one address, where the default of the caller's kind is not enough (sign-in: 10). */
  readonly limitPerMinute?: number
  /** Body as `application/x-www-form-urlencoded` too (OAuth token endpoint). */
  readonly form?: boolean
  /** The body is a picture, raw or the field `file` of `multipart/form-data`: the input field `file`, an `UploadedFile`. */
  readonly upload?: 'image/png'
  /** The output is a file, not JSON: a `SentFile`. */
  readonly sends?: 'image/png' | 'application/pdf' | 'text/csv' | 'application/x-ndjson'
  /** The body is one object, a list of them or NDJSON: the input field of this name gets them as a list, unread. */
  readonly list?: string
  /** Input fields that a writing method takes from the query instead of the body: `PUT …/brand?version=7`. */
  readonly query?: readonly string[]
  /** Largest body in bytes: 1 MiB unless said. */
  readonly bodyLimit?: number
  /** Says a failure in another shape than problem+json, where a standard or a compatible API has its own. */
  readonly renderError?: (failure: Failure) => ErrorAnswer
  readonly handle: (
    context: RouteContext<S extends null ? Actor : Principal>,
    input: z.output<I>,
  ) => Promise<z.output<O>>
}

/** Keeps the types of one route; the list of all of them is `AnyRoute[]`. */
export function route<I extends z.ZodType, O extends z.ZodType, const S extends string | null>(
  definition: Route<I, O, S>,
): AnyRoute {
  // A list of routes erases what each handler takes; the schemas beside it are what makes calling it sound.
  return definition as unknown as AnyRoute
}

export type AnyRoute = Route<z.ZodType, z.ZodType, string | null>

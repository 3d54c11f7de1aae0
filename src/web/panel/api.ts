import { renameKeys, toCamel, toSnake } from './wire.ts'

/** One thing wrong with one part of what was sent; `path` is the wire's name of the part. */
export interface FieldProblem {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** What the API answered instead of what was asked for. `offline`: it did not answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly problems: readonly FieldProblem[]
  readonly requestId: string | null
  /** The whole problem document, camelCase: `currentTotal` of `price_changed`. */
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(String(body['detail'] ?? body['title'] ?? ''))
    this.status = status
    this.code = String(body['code'] ?? 'internal')
    this.problems = Array.isArray(body['errors']) ? (body['errors'] as FieldProblem[]) : []
    this.requestId = typeof body['requestId'] === 'string' ? body['requestId'] : null
    this.body = body
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  /** A picture as the body, in place of JSON. */
  readonly file?: File
  /** Version of the resource the write is meant for. */
  readonly ifMatch?: number | string
  /** Made once per form, so that a second press repeats the first one's answer. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

let csrfToken: string | null = null
/** The token of the signed-in browser, sent with every write. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token
}

/**
 * Calls `/api/v1`: camelCase in and out, problem+json as `ApiError`.
 * @throws {ApiError} Every answer that is no success; code `offline` without an answer.
 */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const { method = 'GET', body, file, ifMatch, idempotencyKey, signal } = options
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (file) headers['Content-Type'] = file.type
  if (method !== 'GET' && csrfToken !== null) headers['X-CSRF-Token'] = csrfToken
  if (ifMatch !== undefined) headers['If-Match'] = `"${ifMatch}"`
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(renameKeys(body, toSnake)) }),
      ...(file ? { body: file } : {}),
      ...(signal ? { signal } : {}),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, { code: 'offline' })
  }
  const text = await response.text()
  const answer = renameKeys(parse(text), toCamel) as Record<string, unknown>
  if (!response.ok) throw new ApiError(response.status, answer ?? {})
  return answer as T
}

function parse(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A query string of what is set, in the order given: `?status=completed&limit=50`. */
export function query(values: Readonly<Record<string, string | null | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value) search.set(name, value)
  const text = search.toString()
  return text ? `?${text}` : ''
}

/**
 * A page of a list as the address asks for it: its filters are named here, order and place in it are the same everywhere.
 *
 * @param filters Names of the API; those of a list in the address are handed on as they are.
 */
export async function readList<T extends { readonly items: readonly unknown[] }>(
  request: Request,
  path: string,
  filters: Readonly<Record<string, string | null | undefined>> = {},
): Promise<T & { readonly nextCursor: string | null; readonly file: string }> {
  const { searchParams } = new URL(request.url)
  const asked = { ...filters, sort: searchParams.get('sort') }
  const page = await call<T>(`${path}${query({ ...asked, cursor: searchParams.get('cursor') })}`)
  return { nextCursor: null, ...page, file: `/api/v1${path}.csv${query(asked)}` }
}

/** What of the address a list is filtered by, as it stands there. */
export const wishesOf = (request: Request, ...names: readonly string[]): Record<string, string | null> => {
  const { searchParams } = new URL(request.url)
  return Object.fromEntries(names.map((name) => [name, searchParams.get(name)]))
}

/** A random key for `Idempotency-Key`; works on plain http too, where `crypto.randomUUID` does not exist. */
export const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

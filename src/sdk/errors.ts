/** One thing wrong with one part of a request, as problem+json lists it. */
export interface ApiProblem {
  readonly code: string
  readonly message: string
  readonly path?: string
}

/**
 * The server refused a request, or answered what no Buylink server answers. `code` is the stable code of the
 * problem+json (RFC 9457), or of the `/api/2` error; `unexpected_answer` when the answer has none.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status of the answer. */
  readonly status: number
  readonly code: string
  readonly problems: readonly ApiProblem[]
  constructor(status: number, code: string, message: string, problems: readonly ApiProblem[] = []) {
    super(message)
    this.status = status
    this.code = code
    this.problems = problems
  }
}

/** No answer came: nobody listens there, the name is unknown, or it took too long. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly server: string
  constructor(server: string, cause: unknown) {
    super(`No answer from ${server}.`, { cause })
    this.server = server
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Reads the body of a refusal: problem+json of `/api/v1`, the error of OAuth 2 or that of `/api/2`. */
export function apiErrorOf(status: number, body: unknown): ApiError {
  const outer = isRecord(body) ? body : {}
  const { error } = outer
  const inner = isRecord(error) ? error : outer
  const code = textOf(inner.code) ?? textOf(error) ?? (inner.code === undefined ? undefined : String(inner.code))
  const message =
    textOf(inner.detail) ?? textOf(inner.message) ?? textOf(outer.error_description) ?? textOf(inner.title)
  const problems = Array.isArray(outer.errors) ? outer.errors.filter(isRecord).map(problemOf) : []
  return new ApiError(status, code ?? 'unexpected_answer', message ?? `The server answered ${status}.`, problems)
}

function problemOf(entry: Record<string, unknown>): ApiProblem {
  const path = textOf(entry.path) ?? textOf(entry.part)
  const problem = { code: textOf(entry.code) ?? 'invalid', message: textOf(entry.message) ?? '' }
  return path === undefined ? problem : { ...problem, path }
}

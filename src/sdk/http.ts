import { ApiError, apiErrorOf, UnreachableError } from './errors.ts'

/** How to reach a server. */
export interface HttpOptions {
  /** Scheme, host and port, such as `http://localhost:8080`. */
  readonly server: string
  readonly fetch?: typeof globalThis.fetch | undefined
  /** How long to wait for an answer; 30,000 by default. */
  readonly timeoutMs?: number | undefined
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON, or as a form when it is `URLSearchParams`. */
  readonly body?: unknown
}

/**
 * Sends a request and returns the JSON of the answer.
 *
 * @throws {ApiError} Any status but 2xx, or an answer that is no JSON.
 * @throws {UnreachableError} No answer.
 */
export async function send(options: HttpOptions, request: HttpRequest): Promise<unknown> {
  const { server, fetch = globalThis.fetch, timeoutMs = 30_000 } = options
  const { method, path, body } = request
  const isForm = body instanceof URLSearchParams
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json', ...request.headers }
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json'
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(timeoutMs) }
  if (body !== undefined) init.body = isForm ? body : JSON.stringify(body)
  let status: number
  let text: string
  try {
    const response = await fetch(server.replace(/\/+$/, '') + path, init)
    status = response.status
    text = await response.text()
  } catch (error) {
    throw new UnreachableError(server, error)
  }
  const answer = parseJson(text)
  if (status < 200 || status > 299) throw apiErrorOf(status, answer)
  if (answer === undefined) throw new ApiError(status, 'unexpected_answer', `${server} did not answer with JSON.`)
  return answer
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP } from 'node:net'
import { type OutboundGuard, RefusedAddress } from './guard.ts'

export interface OutboundRequest {
  /** POST by default. */
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** From the start to the connection, TLS included; 5 s by default. */
  readonly connectTimeoutMs?: number
  /** From the start to the end of the answer; 15 s by default. */
  readonly timeoutMs?: number
  /** 64 KiB by default. */
  readonly maxAnswerBytes?: number
}

/** Any status is an answer, a redirect too: it is never followed. */
export interface OutboundAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** There was more than `maxAnswerBytes`; the rest was not read. */
  readonly isTruncated: boolean
}

export type SendProblem =
  | 'internal_address'
  | 'unknown_host'
  | 'insecure_url'
  | 'connect_timeout'
  | 'timeout'
  | 'connection_failed'

/** No answer came. `message` has no address and no secret in it. */
export class SendFailure extends Error {
  override readonly name = 'SendFailure'
  readonly code: SendProblem
  constructor(code: SendProblem, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

export const isHttps = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === 'https:'
const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/**
 * Sends a request to an address that someone else chose: guarded, bounded in time and size, no redirect followed, nothing
 * taken from a connection before it.
 *
 * @throws {SendFailure} Nothing was answered.
 */
export async function send(guard: OutboundGuard, outbound: OutboundRequest): Promise<OutboundAnswer> {
  const { url } = outbound
  if (!isHttps(url) && !(guard.allowsInternal && isHttp(url)))
    throw new SendFailure('insecure_url', 'Only https addresses are called')
  const { hostname } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  try {
    // Node looks up names alone, so an address would pass the guard unseen.
    if (isIP(host)) await guard.assertPublicAddress(host)
    return await exchange(guard, outbound)
  } catch (error) {
    throw asFailure(error)
  }
}

/** The same, for what only ever posts. */
export const post = (guard: OutboundGuard, outbound: Omit<OutboundRequest, 'method'>): Promise<OutboundAnswer> =>
  send(guard, outbound)

function exchange(guard: OutboundGuard, outbound: OutboundRequest): Promise<OutboundAnswer> {
  const {
    method = 'POST',
    url,
    headers,
    body,
    connectTimeoutMs = 5_000,
    timeoutMs = 15_000,
    maxAnswerBytes = 65_536,
  } = outbound
  const bytes = Buffer.from(body)
  const isSecure = isHttps(url)
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestSecure : requestPlain)(url, {
      method,
      headers: { ...headers, 'content-length': bytes.length },
      lookup: guard.lookup,
      agent: false,
    })
    const fail = (error: Error) => {
      reject(error)
      request.destroy(error)
    }
    const whole = setTimeout(() => fail(new SendFailure('timeout', `No answer within ${timeoutMs} ms`)), timeoutMs)
    const connecting = setTimeout(
      () => fail(new SendFailure('connect_timeout', `No connection within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    )
    request.on('socket', (socket) =>
      socket.once(isSecure ? 'secureConnect' : 'connect', () => clearTimeout(connecting)),
    )
    request.on('error', reject)
    request.on('close', () => {
      clearTimeout(whole)
      clearTimeout(connecting)
      // After an answer this is of no effect.
      reject(new SendFailure('connection_failed', 'The connection ended without an answer'))
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const finish = (isTruncated: boolean) => {
        const answer = Buffer.concat(chunks).subarray(0, maxAnswerBytes)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer, isTruncated })
        request.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > maxAnswerBytes) finish(true)
      })
      response.on('end', () => finish(false))
      response.on('error', reject)
    })
    request.end(bytes)
  })
}

function asFailure(error: unknown): SendFailure {
  if (error instanceof SendFailure) return error
  if (error instanceof RefusedAddress) return new SendFailure(error.code, error.message)
  // Several addresses give an error for each.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  return new SendFailure('connection_failed', `The connection failed${code && ` (${code})`}`, { cause: error })
}

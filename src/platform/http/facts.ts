import type { FastifyRequest } from 'fastify'
import { BuylinkError } from '../../kernel/errors.ts'
import { parseCookies } from '../auth/cookies.ts'
import type { ReadBody } from './body.ts'
import type { RequestFacts } from './route.ts'

const HOST = /^(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/

/** Host and port in lower case. @throws {BuylinkError} `malformed` for what is no host: it must not end up in a link. */
export function hostAndPort(request: FastifyRequest): string {
  const host = request.host.toLowerCase()
  if (!HOST.test(host)) throw new BuylinkError('malformed', 'The Host header is not a host name.')
  return host
}

/** A header that must not come twice; of several the first. */
export const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** @throws {BuylinkError} `malformed`, `invalid_request` for headers that make no sense. */
export function factsOf(request: FastifyRequest, languages: readonly string[]): RequestFacts {
  const host = hostAndPort(request)
  let cookies: RequestFacts['cookies'] | undefined
  return {
    id: request.id,
    host: host.replace(/:\d+$/, ''),
    origin: `${request.protocol === 'https' ? 'https' : 'http'}://${host}`,
    ip: request.ip,
    userAgent: header(request, 'user-agent') ?? '',
    get cookies() {
      cookies ??= parseCookies(header(request, 'cookie'))
      return cookies
    },
    ifMatch: readIfMatch(header(request, 'if-match')),
    idempotencyKey: readIdempotencyKey(header(request, 'idempotency-key')),
    authorization: header(request, 'authorization'),
    rawBody: (request.body as ReadBody | undefined)?.raw ?? '',
    header: (name) => header(request, name),
    language: bestLanguage(header(request, 'accept-language'), languages),
  }
}

function refuse(name: string, message: string): never {
  throw new BuylinkError('invalid_request', message, { problems: [{ path: name, code: 'invalid_header', message }] })
}

export function readIfMatch(value: string | undefined): bigint | undefined {
  if (value === undefined || value.trim() === '*') return undefined
  const version = /^\s*"(\d{1,18})"\s*$/.exec(value)?.[1]
  return version === undefined
    ? refuse('If-Match', 'If-Match must be the ETag of the resource, such as "7"')
    : BigInt(version)
}

export function readIdempotencyKey(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  return /^[\x21-\x7e]{1,255}$/.test(value)
    ? value
    : refuse('Idempotency-Key', 'Idempotency-Key must be 1 to 255 visible ASCII characters without blanks')
}

/** The language the caller likes best among those we have; the first of ours where none fits. */
export function bestLanguage(accept: string | undefined, languages: readonly string[]): string {
  const fallback = languages[0] ?? 'en'
  if (accept === undefined || languages.length < 2) return fallback
  const wanted = accept
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { primary: range.split('-')[0], weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
  for (const { primary } of wanted) {
    if (primary === '*') return fallback
    if (primary !== undefined && languages.includes(primary)) return primary
  }
  return fallback
}

import { type Ids, type Operation, requestOf } from '../test/harness/isolation.ts'
import { hostileText, hostileValue } from './hostile-values.ts'
import type { Random } from './random.ts'

export interface MadeRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
  /** What was done to it, for the report. */
  readonly how: string
}

type Json = Record<string, unknown>
type Parts = { url: string; body: unknown; headers: Record<string, string>; raw?: string | Buffer }

/** What is done to a request that would be right; most of them to its body, where there is one. */
const MUTATIONS: Readonly<Record<string, (parts: Parts, random: Random, operation: Operation) => void>> = {
  right: () => undefined,
  missing({ body }, random) {
    if (isObject(body) && Object.keys(body).length > 0) delete body[random.pick(Object.keys(body))]
  },
  extra({ body }, random) {
    if (!isObject(body)) return
    const name = random.pick([
      'surprise',
      '__proto__',
      'constructor',
      'seller_id',
      'id',
      'version',
      hostileText(random),
    ])
    // As a parsed body has it: an own property, whatever its name.
    Object.defineProperty(body, name, { value: hostileValue(random), enumerable: true, configurable: true })
  },
  value(parts, random) {
    parts.body = replaceOne(parts.body, random)
  },
  values(parts, random) {
    for (let time = 0; time < 4; time++) parts.body = replaceOne(parts.body, random)
  },
  whole(parts, random) {
    parts.body = hostileValue(random)
  },
  path(parts, random, { path }) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].length
    if (names === 0) return
    const segments = parts.url.split('?')[0]?.split('/') ?? []
    segments[segments.length - 1] = encodeURIComponent(hostileText(random).toWellFormed())
    parts.url = segments.join('/')
  },
  query(parts, random, { parameters }) {
    const names = parameters.filter((each) => each.in === 'query').map(({ name }) => name)
    const name = names.length > 0 && random.happens(0.8) ? random.pick(names) : 'surprise'
    const value = encodeURIComponent(hostileText(random).toWellFormed())
    parts.url += `${parts.url.includes('?') ? '&' : '?'}${random.pick([name, `${name}[]`, `${name}[a][b]`])}=${value}`
  },
  brokenQuery(parts, random) {
    parts.url += `?${random.pick(['%', '%zz', 'a=%ff', '&&&&', '=', 'a[b=1', `${'a'.repeat(8_000)}=1`, 'limit=1&limit=2', '%00=%00'])}`
  },
  header(parts, random) {
    const name = random.pick([
      'if-match',
      'idempotency-key',
      'accept-language',
      'traceparent',
      'x-forwarded-host',
      'origin',
      'accept',
      'content-type',
      'cookie',
      'authorization',
    ])
    // What a header cannot carry at all no client could send.
    parts.headers[name] = hostileText(random)
      .replaceAll(/[^\x20-\x7e]/g, '?')
      .slice(0, 4_000)
  },
  brokenJson(parts, random) {
    parts.raw = random.pick<string | Buffer>([
      '{',
      '{"a":1,}',
      '[1',
      '{"a":1}{"b":2}',
      'null',
      '"',
      '',
      '\ufeff{}',
      Buffer.from([0xff, 0xfe, 0x7b]),
      '{"a":1e999}',
      '{"a":"\\ud800"}',
      `${'['.repeat(20_000)}`,
      '{"a":1,"a":2}',
    ])
  },
  otherType(parts, random) {
    parts.headers['content-type'] = random.pick([
      'text/plain',
      'application/xml',
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'application/x-www-form-urlencoded',
      'image/png',
      'application/json; charset=utf-7',
      'application/x-ndjson',
      '*/*',
    ])
    parts.raw = random.pick([
      '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
      'a=1&a=2',
      '--\r\n',
      '{}',
      'x'.repeat(100_000),
    ])
  },
}

const NAMES = Object.keys(MUTATIONS)

/** A request of an operation, right but for one thing; with `ids` it names what is really there. */
export function makeRequest(operation: Operation, ids: Ids, random: Random): MadeRequest {
  const { url, body } = requestOf(operation, ids, '00000000-0000-7000-8000-000000000000')
  const parts: Parts = { url, body: structuredClone(body), headers: {} }
  const how = random.pick(NAMES)
  MUTATIONS[how]?.(parts, random, operation)
  const takesBody = operation.method !== 'GET' && operation.method !== 'DELETE'
  const sent = parts.raw ?? (parts.body === undefined ? undefined : JSON.stringify(parts.body))
  return {
    method: operation.method,
    url: parts.url,
    headers: { ...(takesBody && sent !== undefined && { 'content-type': 'application/json' }), ...parts.headers },
    body: takesBody ? sent : undefined,
    how,
  }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same with one of its parts, however deep, replaced. */
function replaceOne(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0) {
    const at = random.below(value.length)
    return value.map((item, index): unknown => (index === at ? replaceOne(item, random) : item))
  }
  if (isObject(value) && Object.keys(value).length > 0 && random.happens(0.9)) {
    const key = random.pick(Object.keys(value))
    return { ...value, [key]: replaceOne(value[key], random) }
  }
  return hostileValue(random)
}

import { PROBLEM_TYPE } from './problem.ts'
import { placesOf } from './input.ts'
import { type JsonSchema, wireSchema } from './openapi-schema.ts'
import type { AnyRoute } from './route.ts'
import { toSnake } from './wire-names.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}

const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'errors', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Stable: /problems/{code}' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; decide by it, never by a text' },
    detail: { type: 'string', description: 'What happened and what to do, for people' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: { path: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request_id: { type: 'string', format: 'uuid' },
  },
}

/** `/api/v1/orders/:orderId` is `/api/v1/orders/{order_id}`. */
export const openApiPath = (path: string): string =>
  path.replace(/:(\w+)/g, (_match, name: string) => `{${toSnake(name)}}`)

/** `GET /api/v1/orders/:orderId` is `get_orders_by_order_id`: stable as long as the path is. */
export const operationId = ({ method, path }: AnyRoute): string =>
  [
    method.toLowerCase(),
    ...path
      .replace(/^\/api\/(v1\/)?/, '/')
      .split('/')
      .filter(Boolean)
      .map((part) =>
        part.startsWith(':') ? `by_${toSnake(part.slice(1))}` : part.replace(/\W+/g, '_').replace(/^_+|_+$/g, ''),
      ),
  ].join('_')

/** The resource's name, unless the route says otherwise: the first word after the version. */
export const tagOf = (route: AnyRoute): string =>
  route.tag ?? route.path.replace(/^\/api\/v?\d+\//, '/').split('/')[1] ?? 'other'

/** A message that this server sends to webhooks. */
export interface WebhookDoc {
  /** `order.placed`. */
  readonly type: string
  readonly summary: string
  /** Of the whole body; names as on the wire. */
  readonly body: JsonSchema
}

/** OpenAPI 3.1 of the routes and webhooks, made from the schemas that check them. */
export function openApiOf(
  routes: readonly AnyRoute[],
  info: { readonly version: string; readonly serverUrl: string },
  webhooks: readonly WebhookDoc[] = [],
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = openApiPath(route.path)
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = operationOf(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Buylink',
      version: info.version,
      description:
        'Sell subscriptions by link; sell more at the moment a quota runs out. Names are snake_case, ids strings, times RFC 3339, money a decimal string with its currency. Lists are read page by page with `cursor`. Repeat a POST safely with `Idempotency-Key`; change what has a `version` with `If-Match`.',
    },
    servers: [{ url: info.serverUrl }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name })),
    paths,
    ...(webhooks.length > 0 && {
      webhooks: Object.fromEntries(webhooks.map((webhook) => [webhook.type, { post: webhookOf(webhook) }])),
    }),
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      responses: {
        Problem: {
          description: 'It failed; `code` says why',
          content: { [mediaType(PROBLEM_TYPE)]: { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of `POST /api/2/idp/token`',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'buylink_session',
          description: 'A signed-in browser; `__Host-buylink_session` on https',
        },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CSRF-Token',
          description: '`csrf_token` of `GET /api/v1/session`, with every change a session makes',
        },
      },
    },
  }
}

/** Headers as in Standard Webhooks 1.0. */
const WEBHOOK_HEADERS: readonly Parameter[] = [
  { name: 'webhook-id', in: 'header', description: 'The same with every try: ignore one that you had' },
  { name: 'webhook-timestamp', in: 'header', description: 'Of this try, in seconds since 1970' },
  { name: 'webhook-signature', in: 'header', description: '`v1,` and base64; several, separated by blanks' },
].map((header) => ({ ...header, in: 'header', required: true, schema: { type: 'string' } }))

const webhookOf = ({ type, summary, body }: WebhookDoc): JsonSchema => ({
  operationId: `webhook_${type.replace('.', '_')}`,
  summary,
  tags: ['webhooks'],
  security: [],
  parameters: WEBHOOK_HEADERS,
  requestBody: { required: true, content: { 'application/json': { schema: body } } },
  responses: {
    '2XX': { description: 'Taken' },
    '410': { description: 'Wants no more: the webhook is switched off' },
    default: { description: 'Not taken; tried again for three days' },
  },
})

const mediaType = (contentType: string): string => contentType.split(';')[0] ?? contentType

function operationOf(route: AnyRoute): JsonSchema {
  const input = wireSchema(route.input, true)
  const properties = (input['properties'] ?? {}) as Record<string, JsonSchema>
  const required = new Set((input['required'] ?? []) as string[])
  const places = placesOf(route)
  const parameters: Parameter[] = [
    ...places.path.map((name) => parameter('path', toSnake(name), properties, true)),
    ...places.query.map((name) => parameter('query', toSnake(name), properties, required.has(toSnake(name)))),
    ...headersOf(route),
  ]
  const body = bodyOf(route, input, places.body.map(toSnake), required)
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(description(route) !== undefined && { description: description(route) }),
    tags: [tagOf(route)],
    security: securityOf(route),
    ...(route.scope !== null && { 'x-scope': route.scope }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: { [String(route.status ?? 200)]: successOf(route), default: failureOf(route) },
  }
}

function parameter(
  place: 'path' | 'query',
  name: string,
  properties: Record<string, JsonSchema>,
  required: boolean,
): Parameter {
  const { description: text, ...schema } = properties[name] ?? { type: 'string' }
  return { name, in: place, required, ...(typeof text === 'string' && { description: text }), schema }
}

function headersOf(route: AnyRoute): Parameter[] {
  const headers: Parameter[] = []
  if (route.method === 'POST' && !route.form) {
    headers.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'Any text of your own; the same key again gives the same answer for a day instead of doing it twice',
      schema: { type: 'string', maxLength: 255 },
    })
  }
  if (['PUT', 'PATCH', 'POST', 'DELETE'].includes(route.method) && isAddressed(route)) {
    headers.push({
      name: 'If-Match',
      in: 'header',
      required: false,
      description: 'The ETag that you read; another version is refused with `version_mismatch`',
      schema: { type: 'string', examples: ['"7"'] },
    })
  }
  return headers
}

/** Only what is addressed can have been read before. */
const isAddressed = (route: AnyRoute): boolean => placesOf(route).path.length > 0

function bodyOf(
  route: AnyRoute,
  input: JsonSchema,
  names: readonly string[],
  required: ReadonlySet<string>,
): JsonSchema | undefined {
  if (route.method === 'GET' || route.method === 'DELETE') return undefined
  const properties = (input['properties'] ?? {}) as Record<string, JsonSchema>
  // An input that is a choice of shapes has no list of fields: it is the body as a whole.
  const isChoice = input['properties'] === undefined && input['type'] !== 'object'
  if (route.upload) {
    const file = { type: 'string', format: 'binary' }
    const schema = { type: 'object', properties: { file }, required: ['file'] }
    return { required: true, content: { [route.upload]: { schema: file }, 'multipart/form-data': { schema } } }
  }
  if (names.length === 0 && !isChoice) return undefined
  const needed = names.filter((name) => required.has(name))
  const schema = isChoice
    ? input
    : {
        type: 'object',
        properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? {}])),
        ...(needed.length > 0 && { required: needed }),
        additionalProperties: input['additionalProperties'] ?? false,
        ...(input['$defs'] !== undefined && { $defs: input['$defs'] }),
      }
  return {
    required: isChoice || needed.length > 0,
    content: {
      'application/json': { schema },
      ...(route.form && { 'application/x-www-form-urlencoded': { schema } }),
      ...(route.list && { 'application/x-ndjson': { schema: { type: 'string' } } }),
    },
  }
}

function successOf(route: AnyRoute): JsonSchema {
  if (route.status === 204) return { description: 'Done' }
  if (route.sends)
    return { description: 'Done', content: { [route.sends]: { schema: { type: 'string', format: 'binary' } } } }
  return { description: 'Done', content: { 'application/json': { schema: wireSchema(route.output, false) } } }
}

const failureOf = (route: AnyRoute): JsonSchema =>
  route.renderError
    ? { description: 'It failed', content: { 'application/json': { schema: { type: 'object' } } } }
    : { $ref: '#/components/responses/Problem' }

function securityOf(route: AnyRoute): JsonSchema[] {
  const session = route.method === 'GET' ? { session: [] } : { session: [], csrf: [] }
  if (route.scope === null) return [{}, session]
  return route.scope.startsWith('session:') ? [session] : [{ bearer: [] }, session]
}

function description({ description: text, scope, limitPerMinute }: AnyRoute): string | undefined {
  const parts = [
    text,
    scope === null || scope.startsWith('session:') ? undefined : `Scope: \`${scope}\`.`,
    limitPerMinute === undefined ? undefined : `At most ${limitPerMinute} requests a minute from one address.`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join('\n\n')
}

import assert from 'node:assert/strict'
import { openApiPath } from '../../src/platform/http/openapi.ts'
import type { AnyRoute } from '../../src/platform/http/route.ts'
import type { TestServer } from './http.ts'

type Json = Record<string, unknown>
const UUID = '01970000-0000-7000-8000-000000000000'

/**
 * Walks every operation of a server's `/openapi.json`: the document is well-formed and complete, and each operation
 * answers a request with an unknown field as its own kind of client fault, never with 500.
 */
export async function walkOpenApi(server: Pick<TestServer, 'request'>, routes: readonly AnyRoute[]): Promise<void> {
  const { body, status } = await server.request('GET', '/openapi.json')
  assert.equal(status, 200)
  const document = body as unknown as Json & { paths: Record<string, Record<string, Json>>; components: Json }
  assert.equal(document['openapi'], '3.1.0')
  checkReferences(document, document)

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  assert.deepEqual(
    operations.map(({ method, path }) => `${method} ${path}`).sort(),
    routes.map(({ method, path }) => `${method} ${openApiPath(path)}`).sort(),
  )
  const ids = operations.map(({ operation }) => operation['operationId'])
  assert.equal(new Set(ids).size, ids.length, 'operation ids are unique')

  for (const { path, method, operation } of operations) {
    const name = `${method} ${path}`
    checkOperation(name, path, operation)
    const route = routes.find((each) => each.method === method && openApiPath(each.path) === path)
    const url = path.replace(/\{\w+\}/g, UUID)
    const hasBody = method !== 'GET' && method !== 'DELETE'
    const refused = await server.request(method, hasBody ? url : `${url}?no_such_field=1`, {
      ...(hasBody && { body: { no_such_field: 1 } }),
    })
    assert.ok(refused.status >= 400 && refused.status < 500, `${name} answers ${refused.status} to an unknown field`)
    if (route?.renderError) continue
    assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/, name)
    assert.deepEqual(
      ['type', 'title', 'status', 'code', 'detail', 'errors', 'request_id'].filter(
        (member) => !(member in (refused.body ?? {})),
      ),
      [],
      name,
    )
  }
}

function checkOperation(name: string, path: string, operation: Json): void {
  assert.ok(typeof operation['summary'] === 'string' && operation['summary'] !== '', `${name} has a summary`)
  assert.ok(Array.isArray(operation['tags']) && operation['tags'].length === 1, `${name} has a tag`)
  const parameters = (operation['parameters'] ?? []) as { name: string; in: string; required: boolean; schema: Json }[]
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  assert.deepEqual(
    inPath.map((parameter) => parameter.name).sort(),
    [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter).sort(),
    `${name} describes its path`,
  )
  assert.ok(
    inPath.every(({ required }) => required),
    `${name} requires its path`,
  )
  for (const parameter of parameters) {
    assert.equal(typeof parameter.schema, 'object', `${name} ${parameter.name} has a schema`)
    if (parameter.in !== 'header')
      assert.match(parameter.name, /^[a-z][a-z0-9_]*$/, `${name} names ${parameter.name} in snake_case`)
  }
  const responses = operation['responses'] as Json
  assert.ok(
    Object.keys(responses).some((status) => /^2\d\d$/.test(status)),
    `${name} says how it succeeds`,
  )
  assert.ok('default' in responses, `${name} says how it fails`)
}

/** Every `$ref` of the document leads somewhere. */
function checkReferences(part: unknown, document: Json): void {
  if (typeof part !== 'object' || part === null) return
  for (const [key, value] of Object.entries(part)) {
    if (key === '$ref' && typeof value === 'string' && value.startsWith('#/components/')) {
      const target = value
        .slice(2)
        .split('/')
        .reduce<unknown>((at, name) => (at as Json | undefined)?.[name], document)
      assert.ok(target, `${value} leads nowhere`)
    } else checkReferences(value, document)
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { testDatabase } from '../../../test/harness/database.ts'
import { testPrincipal } from '../../../test/harness/http.ts'
import { testServer } from '../../../test/harness/http.ts'
import { authRoutes } from '../auth/routes.ts'
import { mailRoutes } from '../mail/routes.ts'
import { route } from './route.ts'
import { Amount, Instant, pageInput, pageOf, Uuid, Version } from './schemas.ts'
import { walkOpenApi } from '../../../test/harness/openapi.ts'

const Thing = z.object({ id: Uuid, unitPrice: Amount, madeAt: Instant.nullable(), version: Version })
const unused = undefined as never
const routes = [
  ...mailRoutes,
  ...authRoutes({
    keys: unused,
    accessTokens: unused,
    loaders: { loadClient: async () => undefined },
    clock: unused,
    publicUrl: 'http://x',
  }),
  route({
    method: 'GET',
    path: '/api/v1/things',
    scope: 'things:read',
    summary: 'List',
    input: z.object({ ...pageInput, planId: z.string().optional() }),
    output: pageOf(Thing),
    handle: async () => ({ items: [], nextCursor: null }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/things',
    scope: 'things:write',
    summary: 'Make',
    status: 201,
    input: z.object({ unitPrice: Amount, tags: z.array(z.string()).optional() }),
    output: Thing,
    handle: async () => unused,
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/things/:thingId',
    scope: 'things:write',
    summary: 'Change',
    input: z.object({ thingId: Uuid, unitPrice: Amount }),
    output: Thing,
    handle: async () => unused,
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/things/:thingId',
    scope: 'things:write',
    summary: 'Remove',
    status: 204,
    input: z.object({ thingId: Uuid }),
    output: z.undefined(),
    handle: async () => undefined,
  }),
]
const scopes = new Set(['things:read', 'things:write', 'mails:read'])
const server = await testServer(await testDatabase(), {
  routes,
  actor: () => testPrincipal({ kind: 'api_client', scopes }),
})

test('describes every route in names of the wire, and every route refuses what it does not describe', () =>
  walkOpenApi(server, routes))

test('says where each part goes and what it looks like', async () => {
  const { body } = await server.request('GET', '/openapi.json')
  const paths = body?.['paths'] as unknown as Record<string, Record<string, Record<string, unknown>>>
  const patch = paths['/api/v1/things/{thing_id}']?.['patch']
  assert.deepEqual(
    ((patch?.['parameters'] ?? []) as { name: string; in: string }[]).map(
      (parameter) => `${parameter.in} ${parameter.name}`,
    ),
    ['path thing_id', 'header If-Match'],
  )
  const contentOf = (operation: Record<string, unknown> | undefined) =>
    (operation?.['requestBody'] as { content: Record<string, { schema: Record<string, unknown> }> } | undefined)
      ?.content ?? {}
  const schema = contentOf(patch)['application/json']?.schema
  assert.deepEqual(schema?.['required'], ['unit_price'])
  assert.equal(schema?.['additionalProperties'], false)
  assert.deepEqual(patch?.['security'], [{ bearer: [] }, { session: [], csrf: [] }])
  assert.deepEqual(Object.keys(contentOf(paths['/api/2/idp/token']?.['post'])), [
    'application/json',
    'application/x-www-form-urlencoded',
  ])
})

test('the reference for people has every operation, no script and nothing from elsewhere', async () => {
  const page = await server.request('GET', '/docs')
  assert.equal(page.status, 200)
  assert.match(page.text, /PATCH \/api\/v1\/things\/\{thing_id\}/)
  assert.doesNotMatch(page.text, /<script|style=|https?:\/\/(?!x)/)
  assert.equal((await server.request('GET', '/docs/docs.css')).headers.get('content-type'), 'text/css; charset=utf-8')
})

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BuylinkError } from '../../kernel/errors.ts'
import { addBodyParsers, addFormParser, addLinesParser } from './body.ts'
import { DOCS_CSS, docsPage } from './docs-page.ts'
import { addFileParsers } from './file.ts'
import { openApiOf, type WebhookDoc } from './openapi.ts'
import type { AnyRoute } from './route.ts'
import { type RouteServices, serveRoute } from './serve-route.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    render?: AnyRoute['renderError']
  }
}

/**
 * Registers the API's routes, `/openapi.json` and `/docs`.
 *
 * @throws {Error} Two routes share method and path.
 */
export async function addApiRoutes(
  app: FastifyInstance,
  options: {
    readonly routes: readonly AnyRoute[]
    readonly info: { readonly version: string; readonly serverUrl: string }
    readonly services: RouteServices
    readonly webhooks?: readonly WebhookDoc[]
  },
): Promise<{ whyNotFound(request: FastifyRequest, reply: FastifyReply): BuylinkError }> {
  const { routes, services } = options
  await app.register(async (scope) => {
    addBodyParsers(scope)
    for (const route of routes.filter(({ form, upload, list }) => !form && !upload && !list))
      addRoute(scope, route, services)
    await scope.register(async (lists) => {
      addLinesParser(lists)
      for (const route of routes.filter(({ list }) => list)) addRoute(lists, route, services)
    })
    await scope.register(async (forms) => {
      addFormParser(forms)
      for (const route of routes.filter(({ form }) => form)) addRoute(forms, route, services)
    })
  })
  await app.register(async (uploads) => {
    addFileParsers(uploads)
    for (const route of routes.filter(({ upload }) => upload)) addRoute(uploads, route, services)
  })

  // Made when somebody asks: it takes a while, and most starts do without.
  let document: string | undefined
  let page: string | undefined
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiOf(routes, options.info, options.webhooks))
    return reply.type('application/json; charset=utf-8').header('access-control-allow-origin', '*').send(document)
  })
  app.get('/docs', (_request, reply) => {
    page ??= docsPage(routes)
    return reply.type('text/html; charset=utf-8').send(page)
  })
  app.get('/docs/docs.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(DOCS_CSS))
  app.get('/problems/:code', (_request, reply) => reply.redirect('/docs', 302))

  const patterns = routes.map((route) => ({
    method: route.method,
    matches: new RegExp(`^${route.path.replace(/[.-]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`),
  }))
  return {
    whyNotFound(request, reply) {
      const path = request.url.split('?')[0] ?? ''
      const methods = patterns.filter(({ matches }) => matches.test(path)).map(({ method }) => method)
      if (methods.length === 0) return new BuylinkError('not_found', 'There is nothing at this address.')
      const allowed = [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].sort().join(', ')
      reply.header('allow', allowed)
      return new BuylinkError('method_not_allowed', `This address knows ${allowed}.`)
    },
  }
}

function addRoute(app: FastifyInstance, route: AnyRoute, services: RouteServices): void {
  app.route({
    method: route.method,
    url: route.path,
    handler: serveRoute(route, services),
    // What fails before the handler (a body that cannot be read) is told in the route's own shape too.
    config: { render: route.renderError },
    ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
  })
}

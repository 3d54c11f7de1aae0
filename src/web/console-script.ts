import type { FastifyPluginAsync } from 'fastify'
import type { BuiltPages } from './built-pages.ts'

/** `GET /console/buylink-alerts.js`: the web component, for script tags of any origin. It holds nothing secret. */
export const createConsoleScript =
  (built: Pick<BuiltPages, 'consoleScript'>): FastifyPluginAsync =>
  async (app) => {
    app.get('/console/buylink-alerts.js', (_request, reply) =>
      reply
        .headers({
          'content-type': 'text/javascript; charset=utf-8',
          'access-control-allow-origin': '*',
          'cross-origin-resource-policy': 'cross-origin',
          'cache-control': 'public, max-age=300',
        })
        .send(built.consoleScript),
    )
  }

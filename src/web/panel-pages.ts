import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import type { BuiltPages } from './built-pages.ts'

/**
 * Serves control panel and portal: one page for every address of `/client` and `/portal`, which then speaks the public
 * API, and the built files below `/assets/`, whose names change with their contents.
 */
export const createPanelPages =
  (built: BuiltPages): FastifyPluginAsync =>
  async (app) => {
    await app.register(fastifyStatic, {
      root: built.clientFolder,
      prefix: '/assets/',
      index: false,
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
    })
    const shell = (reply: FastifyReply): unknown =>
      reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(built.panelHtml)
    for (const path of ['/client', '/client/*', '/portal', '/portal/*'])
      app.get(path, (_request, reply) => shell(reply))
  }

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { StoreDirectory } from '../../stores/index.ts'
import { type MailReader, STOP_MAILS_PATH, type StopLinks } from '../../upsell/index.ts'
import type { BuiltPages } from '../built-pages.ts'
import { pagePropsOf } from './props-of.ts'

export interface StopMailsDeps {
  readonly links: Pick<StopLinks, 'find' | 'stop'>
  readonly stores: Pick<StoreDirectory, 'listOf'>
  readonly built: BuiltPages
  readonly demonstration: boolean
}

/** The address tells who reads the mails: it is not kept, and not told to whoever is visited from here. */
const PRIVATE = {
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow, noarchive',
}

/**
 * Where quota mails end, in the look of the reader's reseller and without signing in. Opening it changes nothing, since
 * mail programs open links; the button does, and so does a mail program by itself (RFC 8058).
 */
export function createStopMailsPages({ links, stores, built, demonstration }: StopMailsDeps): FastifyPluginAsync {
  const page = (reply: FastifyReply, reader: MailReader | undefined, state: 'unknown' | 'asks' | 'stopped') => {
    const [store] = reader ? stores.listOf(reader.sellerId) : []
    const css = built.assets.css
    const props = pagePropsOf(store, { language: reader?.language ?? 'en', css, demonstration })
    return reply
      .code(state === 'unknown' ? 404 : 200)
      .headers(PRIVATE)
      .type('text/html; charset=utf-8')
      .send(built.renderer.renderStopMails({ ...props, state }))
  }
  const tokenOf = (request: FastifyRequest): string => new URLSearchParams(request.url.split('?')[1]).get('token') ?? ''

  return async (app) => {
    // What is posted says nothing that the address does not: a form's empty body, or `List-Unsubscribe=One-Click`.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 10_000 }, (_request, body, done) => done(null, body))
    app.get(STOP_MAILS_PATH, async (request, reply) => {
      const reader = await links.find(tokenOf(request))
      return page(reply, reader, !reader ? 'unknown' : reader.wanted ? 'asks' : 'stopped')
    })
    app.post(STOP_MAILS_PATH, async (request, reply) => {
      const reader = await links.find(tokenOf(request))
      if (!reader) return page(reply, undefined, 'unknown')
      await links.stop(reader, request.id)
      return page(reply, reader, 'stopped')
    })
  }
}

import { createHmac } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { SellerId, UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { deriveKey } from '../platform/auth/derive-key.ts'
import { isSameText } from '../platform/auth/tokens.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { stopNotification } from '../users/index.ts'
import { findMailUser } from './buyers-view.ts'

const PATH = '/quota-mails/stop'

/** The link at the foot of every quota mail: whoever has it can end these mails for that one user, and nothing else. */
export interface StopLinks {
  pathOf(sellerId: SellerId, userId: UserId): string
  readonly plugin: FastifyPluginAsync
}

/** Opening it changes nothing, since mail programs open links; one click does, without signing in. */
export function createStopLinks({ db, clock, secret }: { db: Db; clock: Clock; secret: string }): StopLinks {
  const key = deriveKey(secret, 'quota mails')
  const sign = (what: string): string => createHmac('sha256', key).update(what).digest('base64url')

  async function whoIs(
    token: string,
  ): Promise<{ sellerId: SellerId; userId: UserId; email: string; wanted: boolean } | undefined> {
    const [sellerId = '', userId = '', signature = ''] = token.split('.')
    if (!isSameText(signature, sign(`${sellerId}.${userId}`))) return undefined
    const user = await findMailUser(db, sellerId, userId)
    return user && { sellerId, userId, ...user }
  }

  const plugin: FastifyPluginAsync = async (app) => {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    const tokenOf = (query: unknown): string =>
      typeof query === 'object' && query !== null && 'token' in query ? String(query.token) : ''
    app.get(PATH, async (request, reply) => {
      const user = await whoIs(tokenOf(request.query))
      const body = !user
        ? '<p>This link is not complete. Open the whole link from the mail.</p>'
        : user.wanted
          ? '<p>No more mails about quotas to you?</p><form method="post"><button class="button">Stop quota mails</button></form>'
          : '<p>You get no mails about quotas.</p>'
      return reply
        .code(user ? 200 : 404)
        .type('text/html; charset=utf-8')
        .send(page(body))
    })
    app.post(PATH, async (request, reply) => {
      const user = await whoIs(tokenOf(request.query))
      if (!user) return reply.code(404).type('text/html; charset=utf-8').send(page('<p>This link is not complete.</p>'))
      const { sellerId, userId } = user
      await transaction(db, async (tx) => {
        const at = clock.now()
        await stopNotification(tx, sellerId, userId, 'quota', at)
        await audit(tx, {
          sellerId,
          action: 'user.stop_quota_mails',
          subject: { kind: 'user', id: userId },
          tenantId: null,
          actor: { kind: 'anonymous' },
          correlationId: request.id,
          at,
        })
      })
      return reply.type('text/html; charset=utf-8').send(page('<p>Done. You get no more mails about quotas.</p>'))
    })
  }
  return {
    pathOf: (sellerId, userId) => `${PATH}?token=${sellerId}.${userId}.${sign(`${sellerId}.${userId}`)}`,
    plugin,
  }
}

const page = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>Quota mails</title></head><body><main><h1>Quota mails</h1>${body}</main></body></html>`

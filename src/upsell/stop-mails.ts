import { createHmac } from 'node:crypto'
import type { CorrelationId, SellerId, UserId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import { deriveKey } from '../platform/auth/derive-key.ts'
import { isSameText } from '../platform/auth/tokens.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { stopNotification } from '../users/index.ts'
import { findMailUser } from './buyers-view.ts'

export const STOP_MAILS_PATH = '/quota-mails/stop'

export interface MailReader {
  readonly sellerId: SellerId
  readonly userId: UserId
  readonly language: string
  /** They get these mails at present. */
  readonly wanted: boolean
}

/** The link at the foot of every quota mail: whoever has it can end these mails for that one user, and nothing else. */
export interface StopLinks {
  pathOf(sellerId: SellerId, userId: UserId): string
  /** Whose link it is; undefined: of nobody. */
  find(token: string): Promise<MailReader | undefined>
  /** Ends them. Once more changes nothing. */
  stop(reader: MailReader, correlationId: CorrelationId): Promise<void>
}

export function createStopLinks({ db, clock, secret }: { db: Db; clock: Clock; secret: string }): StopLinks {
  const key = deriveKey(secret, 'quota mails')
  const sign = (what: string): string => createHmac('sha256', key).update(what).digest('base64url')
  return {
    pathOf: (sellerId, userId) => `${STOP_MAILS_PATH}?token=${sellerId}.${userId}.${sign(`${sellerId}.${userId}`)}`,
    async find(token) {
      const [sellerId = '', userId = '', signature = ''] = token.split('.')
      if (!isSameText(signature, sign(`${sellerId}.${userId}`))) return undefined
      const user = await findMailUser(db, sellerId, userId)
      return user && { sellerId, userId, ...user }
    },
    async stop({ sellerId, userId, wanted }, correlationId) {
      if (!wanted) return
      await transaction(db, async (tx) => {
        const at = clock.now()
        await stopNotification(tx, sellerId, userId, 'quota', at)
        await audit(tx, {
          sellerId,
          action: 'user.stop_quota_mails',
          subject: { kind: 'user', id: userId },
          tenantId: null,
          actor: { kind: 'anonymous' },
          correlationId,
          at,
        })
      })
    },
  }
}

import type { CorrelationId, SellerId, UserId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { findTenant } from '../tenants/index.ts'
import { findUser } from '../users/index.ts'
import { isStaffAt } from '../users/rules.ts'
import { originOf, type RegistrationFace } from './face.ts'
import type { SignInChange } from './mail-messages.ts'
import { renderStoreMail } from './render-mail.ts'

/**
 * Mails someone that their way to sign in has changed, or was used with a new browser, in the transaction of the change: if
 * it was not them, this is how they learn of it (OWASP ASVS 2.2.3).
 */
export async function tellOfSignIn(
  tx: Tx,
  face: Pick<RegistrationFace, 'stores' | 'publicUrl'>,
  about: {
    readonly sellerId: SellerId
    readonly userId: UserId
    readonly correlationId: CorrelationId
    readonly at: Date
  },
  change: SignInChange,
): Promise<void> {
  const { sellerId, userId, correlationId, at } = about
  const user = await findUser(tx, sellerId, userId)
  const tenant = user && (await findTenant(tx, user.tenantId))
  if (!user || !tenant) return
  const mail = renderStoreMail({
    message: change,
    language: user.language,
    store: face.stores.listOf(sellerId)[0],
    url: `${originOf(face, sellerId)}/${isStaffAt(tenant.kind) ? 'portal' : 'client'}/reset`,
  })
  await queueMail(tx, { ...mail, sellerId, to: user.email, purpose: change, correlationId, at })
}

import { safeReturnTo } from '../accounts/index.ts'
import { formatTouch, parseTouch } from '../attribution/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import { type Clock, HOUR_MS } from '../kernel/time.ts'
import type { Actor } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { queueMail } from '../platform/mail/queue-mail.ts'
import { audit } from '../platform/events/publish.ts'
import type { StoreEntry } from '../stores/index.ts'
import { findUserByEmail, issueToken } from '../users/index.ts'
import type { RegistrationFace } from './face.ts'
import { renderStoreMail } from './render-mail.ts'

export const CONFIRMATION_LIFE_MS = 48 * HOUR_MS
export const RESET_LIFE_MS = HOUR_MS

export interface QuickRegistration {
  readonly email: string
  readonly host: string
  /** A path of the control panel; anything else leads to its home. */
  readonly returnTo?: string | undefined
  readonly language: string
  /** This browser's attribution cookie: its key has to survive a confirmation on another device. */
  readonly managerKey?: string | undefined
}

/**
 * Begins a quick registration: a mail with a link that confirms the address. Nothing is created yet, and the link
 * carries nothing but its token; where to return to and the manager's key wait in the database.
 *
 * Never tells whether the address is known: someone who is here already gets another mail, with a way to sign in,
 * and both ways run the same statements.
 *
 * @throws {BuylinkError} `store_not_found`, `store_unavailable`: customers register at a store that is open.
 */
export async function register(
  db: Db,
  clock: Clock,
  face: RegistrationFace,
  actor: Actor,
  input: QuickRegistration,
): Promise<void> {
  const store = openStore(face, input.host)
  const { sellerId } = store
  await transaction(db, async (tx) => {
    const at = clock.now()
    const touch = parseTouch(input.managerKey, at)
    const known = await findUserByEmail(tx, sellerId, input.email)
    const purpose = known ? 'reset_password' : 'confirm_registration'
    const token = await issueToken(tx, {
      sellerId,
      purpose,
      email: input.email,
      userId: known?.id ?? null,
      context: {
        returnTo: safeReturnTo(input.returnTo),
        language: input.language,
        ...(touch && { managerKey: formatTouch(touch) }),
      },
      at,
      lifeMs: known ? RESET_LIFE_MS : CONFIRMATION_LIFE_MS,
    })
    const page = known ? 'reset' : 'confirm'
    const mail = renderStoreMail({
      message: known ? 'already_registered' : 'confirm_registration',
      language: input.language,
      store,
      url: `${store.origin}/client/${page}?token=${token}`,
    })
    const correlationId = actor.correlationId
    await queueMail(tx, { ...mail, sellerId, to: input.email, purpose: 'registration', correlationId, at })
    // Who it is stays out of it: the log must not tell more than the answer does.
    await audit(tx, {
      sellerId,
      subject: { kind: 'store', id: store.storeId },
      tenantId: null,
      actor,
      correlationId,
      at,
      action: 'registration.request',
      details: {},
    })
  })
}

function openStore(face: RegistrationFace, host: string): StoreEntry {
  const store = face.stores.resolve(host)
  if (!store) throw new BuylinkError('store_not_found', 'There is no store at this address.')
  if (store.status !== 'active') throw new BuylinkError('store_unavailable', 'This store is closed at the moment.')
  return store
}

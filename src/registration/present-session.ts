import { findAccount } from '../accounts/index.ts'
import { findManagerOfUser } from '../attribution/index.ts'
import { DEFAULT_BRAND, effectiveBrand, type EffectiveBrand } from '../branding/index.ts'
import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { Actor } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { findTestClock } from '../platform/seller-clocks.ts'
import type { StoreEntry } from '../stores/index.ts'
import { findRoot, listAncestorsOrSelf } from '../tenants/index.ts'
import { findPasswordHash, findUser } from '../users/index.ts'
import type { RegistrationFace } from './face.ts'
import type { SessionView } from './schema.ts'

/** Someone as the session view shows them; a part of `Principal`, so that a route's actor is one. */
export interface Visitor {
  readonly kind: Actor['kind']
  readonly id: string
  readonly tenantId: TenantId
  readonly sellerId: SellerId
  readonly scopes: ReadonlySet<string>
  readonly roles: readonly string[]
  readonly owesSecondFactor?: boolean
}

/**
 * What `GET /api/v1/session` answers.
 *
 * @param visitor null: nobody is signed in.
 * @param request `csrfToken` of the session's cookie; null without one.
 */
export async function presentSession(
  db: Db | Tx,
  face: RegistrationFace,
  visitor: Visitor | null,
  request: { readonly host: string; readonly csrfToken: string | null },
): Promise<SessionView> {
  const store = face.stores.resolve(request.host)
  const tenants = visitor ? await listAncestorsOrSelf(db, visitor.tenantId) : []
  const tenant = tenants.at(-1)
  const customer = tenants.find((above) => above.kind === 'customer')
  const account = customer && (await findAccount(db, customer.sellerId, customer.id))
  const sellerId = visitor?.sellerId ?? store?.sellerId
  const clock = sellerId && (await findTestClock(db, sellerId))
  const brand = await brandFor(db, store, tenant?.id)
  return {
    user: visitor?.kind === 'user' ? await presentUser(db, visitor) : null,
    account: account
      ? {
          id: account.id,
          number: String(account.number),
          name: account.name,
          registration: account.registration,
          status: account.status,
          holdReason: account.holdReason,
          currency: account.currency,
        }
      : null,
    manager: visitor?.kind === 'user' ? await presentManager(db, visitor) : null,
    tenant: tenant ? { id: tenant.id, number: String(tenant.number), name: tenant.name, kind: tenant.kind } : null,
    scopes: visitor ? [...visitor.scopes].toSorted() : [],
    csrfToken: visitor ? request.csrfToken : null,
    store: store
      ? {
          name: store.name,
          termsUrl: store.termsUrl,
          privacyUrl: store.privacyUrl,
          origin: store.origin,
          defaultLanguage: store.defaultLanguage,
        }
      : null,
    brand: publicPart(brand),
    testClock: sellerId && clock ? { sellerId, now: clock.now, isMoving: clock.isMoving } : null,
    demonstration: face.demonstration,
    takesCards: face.takesCards,
    mailIsKept: face.mailIsKept,
  }
}

async function presentUser(db: Db | Tx, visitor: Visitor): Promise<SessionView['user']> {
  const user = await findUser(db, visitor.sellerId, visitor.id as UserId)
  if (!user) return null
  return {
    id: user.id,
    number: String(user.number),
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    language: user.language,
    roles: [...visitor.roles],
    businessTypes: [...user.businessTypes],
    emailConfirmed: user.emailConfirmedAt !== null,
    owesSecondFactor: visitor.owesSecondFactor ?? false,
    hasPassword: (await findPasswordHash(db, user.sellerId, user.id)) !== null,
  }
}

async function presentManager(db: Db | Tx, visitor: Visitor): Promise<SessionView['manager']> {
  const manager = await findManagerOfUser(db, visitor.sellerId, visitor.id)
  return manager ? { id: manager.id, name: manager.name, key: manager.key, active: manager.active } : null
}

/** A signed-in person sees the brand of their place in the tree, a stranger the store's, else the operator's. */
async function brandFor(
  db: Db | Tx,
  store: StoreEntry | undefined,
  tenantId: TenantId | undefined,
): Promise<EffectiveBrand> {
  if (tenantId !== undefined) return effectiveBrand(db, tenantId)
  if (store) return store.brand
  const root = await findRoot(db)
  return root ? effectiveBrand(db, root.id) : DEFAULT_BRAND
}

/** The Buy URL is for those the upsell decides on; pages get what everyone may see. */
const publicPart = ({ tenantId: _tenantId, version: _version, upsellUrl: _upsellUrl, ...brand }: EffectiveBrand) =>
  brand

import type { AccountFacts } from '../accounts/index.ts'
import type { ManagerDirectory } from '../attribution/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { SecondFactors } from '../users/index.ts'
import type { PrincipalLoaders } from '../platform/auth/principals.ts'
import type { Sessions } from '../platform/auth/sessions.ts'
import type { StoreDirectory, StoreEntry } from '../stores/index.ts'
import { hostKey } from '../stores/rules.ts'

/** What signing in and registering stand on; `server.ts` makes it once. */
export interface RegistrationFace {
  readonly sessions: Sessions
  readonly loaders: PrincipalLoaders
  readonly secondFactors: SecondFactors
  readonly stores: StoreDirectory
  readonly managers: ManagerDirectory
  readonly accountFacts: AccountFacts
  /** `BUYLINK_PUBLIC_URL`: links in mails to people of a seller without a store. */
  readonly publicUrl: string
  /** Demonstration sign-ins exist. */
  readonly demonstration: boolean
  /** Payments can be made by card. */
  readonly takesCards: boolean
  /** No mail server is set. */
  readonly mailIsKept: boolean
}

/** Where links in mails to a seller's people lead: its oldest active store, never a Host header. */
export const originOf = (face: Pick<RegistrationFace, 'stores' | 'publicUrl'>, sellerId: SellerId): string =>
  face.stores.listOf(sellerId)[0]?.origin ?? face.publicUrl

/**
 * The installation's own address, where everyone may sign in and mailed links of a seller without a store lead, even if
 * a store has the same host (spec/api.md "Running it").
 */
export const isOwnHost = ({ publicUrl }: Pick<RegistrationFace, 'publicUrl'>, host: string): boolean =>
  hostKey(new URL(publicUrl).host) === hostKey(host)

/** The store a signed-in customer is dealing with: the one of this host if it is their seller's, else the seller's own. */
export function storeOfSeller(face: RegistrationFace, host: string, sellerId: SellerId): StoreEntry | undefined {
  const here = face.stores.resolve(host)
  return here?.sellerId === sellerId ? here : face.stores.listOf(sellerId)[0]
}

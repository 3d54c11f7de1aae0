interface SessionUser {
  readonly id: string
  readonly number: number | string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly language: string
  readonly roles: readonly string[]
  readonly businessTypes: readonly string[]
  readonly emailConfirmed: boolean
  readonly hasPassword: boolean
  /** Nothing is open to them before they set up a second factor. */
  readonly owesSecondFactor: boolean
}

export interface Session {
  readonly user: SessionUser | null
  readonly account: {
    readonly id: string
    readonly number: number | string
    readonly name: string
    readonly registration: 'quick' | 'full'
    readonly status: string
    readonly holdReason: string
    readonly currency: string
  } | null
  /** Whom the user signs in as; their links carry this key. */
  readonly manager: { readonly id: string; readonly name: string; readonly key: string | null } | null
  readonly tenant: {
    readonly id: string
    readonly number: number | string
    readonly name: string
    readonly kind: string
  } | null
  readonly scopes: readonly string[]
  readonly csrfToken: string | null
  readonly store: {
    readonly name: string
    readonly termsUrl: string | null
    readonly privacyUrl: string | null
    readonly origin: string
    readonly defaultLanguage: string
  } | null
  readonly brand: { readonly serviceName: string; readonly logoUrl?: string | null }
  readonly testClock: SessionClock | null
  readonly demonstration: boolean
  /** Payments can be made by card, and cards kept. */
  readonly takesCards: boolean
  readonly mailIsKept: boolean
}

/** The time of a sandbox reseller; nobody else has one. */
export interface SessionClock {
  readonly sellerId: string
  readonly now: string
  readonly isMoving: boolean
}

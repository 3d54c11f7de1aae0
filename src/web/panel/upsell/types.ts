/** `PlatformView` as the wire has it, in camelCase. */
export interface Platform {
  readonly name: string
  readonly title: string
  readonly baseUrl: string
  readonly clientId: string
  readonly enabled: boolean
  readonly syncedAt: string | null
  readonly syncError: string | null
  readonly failingSince: string | null
  readonly customers: number
  readonly users: number
  readonly problems: number
  readonly raisesWaiting: number
}

export interface Raise {
  readonly subscription: { readonly id: string; readonly name: string }
  readonly customer: { readonly id: string; readonly name: string }
  readonly usageName: string
  readonly units: string
  readonly waitingFor: string | null
  readonly lastError: string | null
  readonly updatedAt: string
}

export interface PlatformCustomer {
  readonly id: string
  readonly number: string | null
  readonly name: string
  readonly account: { readonly id: string; readonly name: string }
  readonly problem: string | null
  readonly goneAt: string | null
  readonly quotas: readonly { readonly usageName: string; readonly value: string | null; readonly used: string }[]
  readonly users: readonly { readonly id: string; readonly email: string | null; readonly problem: string | null }[]
}

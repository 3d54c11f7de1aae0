import type { WireMoney } from '../../../kernel/money.ts'

export interface TestClock {
  readonly reseller: { readonly id: string; readonly name: string }
  readonly now: string
  readonly target: string
  readonly from: string | null
  readonly isMoving: boolean
}

export interface Happening {
  readonly id: string
  readonly kind: 'event' | 'charge' | 'mail'
  readonly at: string
  readonly type: string
  readonly summary: string
  readonly tenant: { readonly id: string; readonly name: string } | null
  readonly subject: { readonly kind: string; readonly id: string } | null
  readonly amount: WireMoney | null
  readonly recipient: string | null
}

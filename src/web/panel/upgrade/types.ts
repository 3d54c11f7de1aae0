import type { WireMoney } from '../../../kernel/money.ts'

/** `OffersView` as the wire has it, in camelCase. */
export interface Offers {
  readonly id: string
  readonly account: { readonly id: string; readonly name: string }
  readonly answer: Answer
  readonly status: 'open' | 'placing' | 'placed'
  readonly chosen: number | null
  readonly orders: readonly {
    readonly id: string
    readonly number: string
    readonly status: 'waiting_for_payment' | 'provisioning' | 'provisioning_failed' | 'completed' | 'cancelled'
    readonly total: WireMoney
    readonly payment: { readonly id: string; readonly number: string; readonly status: string } | null
  }[]
  readonly mayOrder: boolean
  readonly returnUrl: string | null
  readonly correlationId: string
  readonly createdAt: string
  readonly raisedAt: string | null
  readonly askedAt: string | null
  readonly reply: string
  readonly answeredAt: string | null
}

export interface Answer {
  readonly kind: 'solved' | 'reassign' | 'contact' | 'offers'
  readonly horizonDays: number
  readonly reason: { readonly key: string; readonly values: Readonly<Record<string, string | number>> } | null
  readonly items: readonly Item[]
  readonly reassign: readonly Raise[]
  readonly offers: readonly Offer[]
  readonly isOrderUnderWay: boolean
  readonly solvedAt: string | null
}

export interface Item {
  readonly usageName: string
  readonly measure: 'bytes' | 'count'
  readonly of: 'customer' | 'user'
  readonly used: string
  readonly value: string | null
}

export interface Raise {
  readonly usageName: string
  readonly from: string
  readonly to: string
}

export interface Offer {
  readonly position: number
  readonly steps: readonly Step[]
  readonly raises: readonly Raise[]
  readonly todayNet: WireMoney
  readonly todayTax: WireMoney
  readonly today: WireMoney
  readonly recurringBefore: WireMoney
  readonly recurringAfter: WireMoney
  readonly coversDays: number | null
}

export interface Step {
  readonly kind: 'change' | 'addon' | 'switch'
  readonly subscription: { readonly id: string; readonly name: string } | null
  readonly plan: { readonly id: string; readonly name: string }
  readonly resources: readonly {
    readonly id: string
    readonly name: string
    readonly unit: string
    readonly before: string
    readonly after: string
  }[]
}

/** What another platform says of the company of who came from there. */
export interface Arrival {
  readonly title: string
  readonly isKnown: boolean
  readonly isOther: boolean
  readonly asOf: string | null
  readonly isStale: boolean
}

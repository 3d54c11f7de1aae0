import type { EditionUpsell, UpsellAction } from '../upsell-types.ts'

export type QuotaState = 'fine' | 'almost_reached' | 'reached' | 'exceeded'

export type Forecast =
  | { readonly kind: 'unlimited' | 'out' | 'not_at_this_rate' }
  | { readonly kind: 'not_enough_data'; readonly days: number; readonly needed: number }
  | { readonly kind: 'runs_out'; readonly day: string; readonly earliest: string; readonly latest: string | null }

/** One quota as `GET /tenants/{id}/usage-history` tells it; amounts are whole numbers as text. */
export interface UsageItem {
  readonly tenantId: string
  readonly usageName: string
  readonly measurementUnit: 'bytes' | 'quantity'
  readonly base: string | null
  readonly granted: string
  readonly value: string | null
  readonly overage: string | null
  readonly used: string | null
  readonly state: QuotaState
  readonly version: number
  readonly samples: readonly { readonly day: string; readonly value: string }[]
  readonly forecast: Forecast
}

/** `GET /alerts`: what the signed-in user is shown, and may do about it. */
export interface UserAlerts {
  readonly items: readonly {
    readonly id: string
    readonly usageName: string
    readonly scope: 'tenant' | 'user'
    readonly title: string
    readonly action: UpsellAction
  }[]
  readonly header: {
    readonly usages: readonly {
      readonly usageName: string
      readonly tenantId: string
      readonly scope: 'tenant' | 'user'
    }[]
  }
  readonly edition: EditionUpsell | null
}

/** One of `GET /quota-alerts`. */
export interface QuotaAlert {
  readonly id: string
  readonly tenant: { readonly id: string; readonly name: string; readonly kind: string }
  readonly customer: { readonly id: string; readonly name: string } | null
  readonly usageName: string
  readonly state: Exclude<QuotaState, 'fine'>
  readonly used: string
  readonly value: string | null
  readonly openedAt: string
  readonly clearedAt: string | null
}

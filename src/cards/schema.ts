import type { PaymentId, SellerId, TenantId } from '../kernel/ids.ts'
import type { ActorLabel } from '../platform/actor.ts'

/** A page of the gateway on which one payment is paid. Amounts are minor units. */
export interface CardSession {
  readonly sellerId: SellerId
  readonly id: string
  readonly paymentId: PaymentId
  readonly gatewayId: string | null
  readonly url: string | null
  readonly status: 'open' | 'paid' | 'expired'
  readonly amountMinor: bigint
  readonly currency: string
  readonly returnUrl: string
  /** Who agreed that the card is kept; null: it is not. */
  readonly agreedBy: ActorLabel | null
  readonly expiresAt: Date
}

/** A page of the gateway on which a card is kept and nothing is paid. */
export interface CardSetup {
  readonly sellerId: SellerId
  readonly id: string
  readonly accountId: TenantId
  readonly gatewayId: string | null
  readonly url: string | null
  readonly status: 'open' | 'saved' | 'expired'
  readonly returnUrl: string
  readonly agreedBy: ActorLabel
  readonly expiresAt: Date
}

/** A card that is kept at the gateway; here is what its holder recognises it by. */
export interface SavedCard {
  readonly sellerId: SellerId
  readonly id: string
  readonly accountId: TenantId
  readonly gatewayId: string
  /** As the gateway calls it: `visa`. */
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  readonly isDefault: boolean
  readonly createdAt: Date
}

/** `asked`: the gateway was, or is to be. `pending`: it does not know yet. */
export type ChargeStatus = 'asked' | 'pending' | 'paid' | 'needs_payer' | 'declined' | 'cancelled'

/** A payment charged to a saved card, its holder absent. */
export interface CardCharge {
  readonly sellerId: SellerId
  readonly id: string
  readonly paymentId: PaymentId
  readonly cardId: string
  /** Why it was charged: one cause charges once. */
  readonly cause: string
  readonly status: ChargeStatus
  readonly amountMinor: bigint
  readonly currency: string
  readonly gatewayId: string | null
  /** What the gateway said of a refusal. */
  readonly message: string
  readonly createdAt: Date
}

declare module '../platform/db.ts' {
  interface Database {
    card_sessions: {
      seller_id: SellerId
      id: string
      payment_id: PaymentId
      gateway_id: string | null
      url: string | null
      status: 'open' | 'paid' | 'expired'
      amount_minor: bigint
      currency: string
      return_url: string
      /** JSON of an `ActorLabel`. */
      agreed_by: unknown
      created_at: Date
      expires_at: Date
      updated_at: Date
    }
    card_holders: { seller_id: SellerId; account_id: TenantId; gateway_id: string; created_at: Date }
    saved_cards: {
      seller_id: SellerId
      id: string
      account_id: TenantId
      gateway_id: string
      brand: string
      last4: string
      exp_month: number
      exp_year: number
      fingerprint: string | null
      is_default: boolean
      agreed_by: unknown
      created_at: Date
      removed_at: Date | null
    }
    card_setups: {
      seller_id: SellerId
      id: string
      account_id: TenantId
      gateway_id: string | null
      url: string | null
      status: 'open' | 'saved' | 'expired'
      return_url: string
      agreed_by: unknown
      created_at: Date
      expires_at: Date
      updated_at: Date
    }
    card_charges: {
      seller_id: SellerId
      id: string
      payment_id: PaymentId
      card_id: string
      cause: string
      status: ChargeStatus
      amount_minor: bigint
      currency: string
      gateway_id: string | null
      message: string
      created_at: Date
      updated_at: Date
    }
  }
}

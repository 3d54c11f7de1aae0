export interface NewGatewaySession {
  /** Asked for twice under the same key, it is made once. */
  readonly idempotencyKey: string
  readonly amountMinor: bigint
  /** ISO 4217. */
  readonly currency: string
  /** What the payer reads on the gateway's page. */
  readonly description: string
  readonly reference: string
  readonly returnUrl: string
  /** In the gateway's own time, the same with every try. */
  readonly expiresAt: Date
  /** For whom the card is kept, as they agreed; without, it is not. */
  readonly holderId: string | undefined
}

/** What the gateway says of a session now, whatever an event said before. */
export interface GatewaySession {
  readonly id: string
  readonly url: string | null
  readonly status: 'open' | 'complete' | 'expired'
  readonly isPaid: boolean
  readonly amountMinor: bigint
  readonly currency: string
  /** Names the movement of money; null until there is one. */
  readonly paymentReference: string | null
}

/** What the gateway says of money that it sends back. */
export interface GatewayRefund {
  readonly id: string
  /** `pending`: not yet certain. */
  readonly status: 'succeeded' | 'pending' | 'failed'
}

/** A card that the gateway keeps. */
export interface GatewayCard {
  readonly id: string
  readonly brand: string
  readonly last4: string
  readonly expMonth: number
  readonly expYear: number
  /** The same for the same number; null where the gateway tells none. */
  readonly fingerprint: string | null
}

/** A charge to a kept card, as the gateway says it is now. */
export interface GatewayCharge {
  readonly id: string
  /** `ready`: made, and not yet carried out. `needs_payer`: the card's bank wants its holder to agree. */
  readonly status: 'ready' | 'pending' | 'paid' | 'needs_payer' | 'declined' | 'cancelled'
  readonly amountMinor: bigint
  readonly currency: string
  /** Of a refusal. */
  readonly message: string
}

export interface NewGatewayCharge {
  readonly idempotencyKey: string
  readonly holderId: string
  readonly cardId: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly description: string
}

/** What a webhook is about; the gateway is asked what is true of it. */
export interface WebhookSubject {
  readonly kind: 'session' | 'charge'
  readonly id: string
}

/** Cards that the gateway keeps for us. Each of these fails with `gateway_refused` or `gateway_unavailable`. */
export interface SavedCardGateway {
  /** Makes known for whom cards are kept. @returns The gateway's name of them. */
  createHolder(holder: {
    readonly idempotencyKey: string
    readonly name: string
    readonly accountId: string
  }): Promise<string>
  /** A page on which a card is entered and nothing is paid. */
  openSetup(setup: {
    readonly idempotencyKey: string
    readonly holderId: string
    readonly currency: string
    readonly returnUrl: string
    readonly expiresAt: Date
  }): Promise<GatewaySession>
  /** The card that was kept on a page; undefined: none was. */
  keptCard(sessionId: string): Promise<GatewayCard | undefined>
  /** Forgets a card; one that is forgotten already stays so. */
  forgetCard(cardId: string): Promise<void>
  /** Makes a charge that is not carried out yet: what a crash loses is not charged. */
  prepareCharge(charge: NewGatewayCharge): Promise<GatewayCharge>
  /** Carries a charge out, its holder absent; carried out before, it stays as it is. A refusal is a status. */
  carryOutCharge(charge: { readonly idempotencyKey: string; readonly id: string }): Promise<GatewayCharge>
  readCharge(id: string): Promise<GatewayCharge>
  /** Takes back a charge that is not carried out. @returns What it is now. */
  cancelCharge(id: string): Promise<GatewayCharge>
}

/** Takes cards for us; no card number ever reaches this server. */
export interface CardGateway extends SavedCardGateway {
  /** @throws {BuylinkError} `gateway_refused`, `gateway_unavailable`. */
  openSession(session: NewGatewaySession): Promise<GatewaySession>
  readSession(gatewayId: string): Promise<GatewaySession>
  /** Ends a page nobody paid on. One that is paid or expired already stays what it is. */
  expireSession(gatewayId: string): Promise<void>
  /**
   * Sends money back to the card it came from. Asked for twice under the same key, it is sent once, even when the
   * gateway has forgotten the key (after 24 hours).
   *
   * @param refund.paidId Of the session or the charge that it came by.
   * @throws {BuylinkError} `gateway_refused`, `gateway_unavailable`.
   */
  refund(refund: {
    readonly idempotencyKey: string
    readonly paidId: string
    readonly amountMinor: bigint
  }): Promise<GatewayRefund>
  readRefund(refundId: string): Promise<GatewayRefund>
  /**
   * What a webhook is about; null for events about anything else.
   *
   * @throws {BuylinkError} `invalid_request`: the signature over `rawBody` is not the gateway's, or too old.
   */
  readWebhook(rawBody: string, signature: string): WebhookSubject | null
}

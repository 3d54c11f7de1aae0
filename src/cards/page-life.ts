import { HOUR_MS, MINUTE_MS } from '../kernel/time.ts'

/** As long as a customer may take on the gateway's page (the gateway allows 30 minutes to 24 hours). */
export const LIFE_MS = 2 * HOUR_MS
/** One that ends sooner is not handed out again: the payer needs time, and the gateway asks for 30 minutes. */
export const SPARE_MS = 40 * MINUTE_MS

/**
 * When the gateway ends a page: two hours after it was asked for by the machine's time, which an id made without another
 * one carries (UUIDv7). A reseller's own clock means nothing there, and each try must say the same.
 */
export const gatewayExpiryOf = (id: string): Date =>
  new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) + LIFE_MS)

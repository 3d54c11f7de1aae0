/** Crash points between the confirmation of an offer and its orders, tried in `closed-loop-crash.test.ts`. */
export const OFFER_CRASHES = ['offer.chosen', 'change.before_commit', 'offer.ordered', 'offer.step_placed'] as const
/** Those around a raise on another platform, tried in `two-installations.test.ts`. */
export const PLATFORM_CRASHES = ['platform.raise_begun', 'platform.raised'] as const
/** Within the numbering of a document, tried in `closed-loop-crash.test.ts`. */
export const INVOICE_CRASHES = ['invoice.numbered'] as const

/** Crash points between the confirmation of an offer and its orders, tried in `closed-loop.test.ts`. */
export const OFFER_CRASHES = ['offer.chosen', 'offer.step_placed'] as const

/** Crash points between asking for a charge to a kept card and its receipt, tried in `money-crash.test.ts`. */
export const CARD_CRASHES = ['card.charge_prepared', 'card.charged', 'card.before_commit'] as const

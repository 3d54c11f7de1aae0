/**
 * Crash points of what time asks for by itself, tried in `money-crash.test.ts`: a renewal is ordered, a step of its
 * schedule is taken, a kept card is charged, an account without money is put on
 * hold. Each stands behind a commit, or behind what was done outside: what lies before a commit never happened.
 */
export const MONEY_CRASHES = [
  'term.renewed',
  'dunning.step_begun',
  'card.charge_prepared',
  'card.charged',
  'dunning.charged',
  'credit.held',
] as const

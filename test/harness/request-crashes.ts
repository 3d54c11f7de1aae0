/** Crash points of a request under an Idempotency-Key that `lost-answers-crash.test.ts` tries. */
export const REQUEST_CRASHES = ['request.step_committed', 'request.performed'] as const

/** Crash points between an event and its delivery, tried in `webhook-crash.test.ts`. */
export const WEBHOOK_CRASHES = ['webhook.before_send', 'webhook.answered'] as const

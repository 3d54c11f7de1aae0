import type { Sessions } from './auth/sessions.ts'
import type { Idempotency } from './http/idempotency.ts'
import type { ScheduledJob } from './jobs.ts'

/** Removes what has run out, a little every hour. */
export const housekeeping = (services: {
  readonly idempotency: Idempotency
  readonly sessions: Sessions
}): ScheduledJob[] => [
  {
    name: 'remove-old-idempotency-keys',
    cron: '7 * * * *',
    run: async () => void (await services.idempotency.removeOld()),
  },
  {
    name: 'remove-expired-sessions',
    cron: '17 * * * *',
    run: async () => void (await services.sessions.removeExpired()),
  },
]

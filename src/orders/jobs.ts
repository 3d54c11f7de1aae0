import { systemLabel } from '../platform/actor.ts'
import type { ScheduledJob } from '../platform/jobs.ts'
import { advanceTerms, type TermDeps } from './advance-term.ts'
import { expireOrders } from './cancel-order.ts'
import { expireCheckouts } from './checkout-store.ts'

/** What time asks of orders, drafts and what runs. */
export const orderJobs = (deps: TermDeps): readonly ScheduledJob[] => [
  {
    name: 'expire-orders',
    cron: '* * * * *',
    run: async () => void (await expireOrders(deps.db, deps.clock, systemLabel('expire-orders'), deps.batch)),
  },
  { name: 'advance-terms', cron: '* * * * *', run: () => advanceTerms(deps) },
  { name: 'expire-checkouts', cron: '17 * * * *', run: () => expireCheckouts(deps.db, deps.clock) },
]

import { chargeSubscribers, pullUsage, rateDue } from './charges/index.ts'
import { cardSubscriber, checkSilentSessions } from './cards/index.ts'
import { advanceDunnings, dunningSubscriber } from './dunning/index.ts'
import { invoiceSubscriber, issueMissing } from './invoices/index.ts'
import { issueStatements } from './cost-statements/index.ts'
import { createNotifier, removeOldDeliveries } from './notifications/index.ts'
import { offerSubscriber } from './offers/index.ts'
import { orderJobs, orderSubscribers } from './orders/index.ts'
import type { createJobs } from './platform/jobs.ts'
import { createProvisioningSubscriber } from './provisioning/index.ts'
import { rewardSubscriber, settleOpenRewards } from './referrals/index.ts'
import { checkSentRefunds, refundSubscribers } from './refunds/index.ts'
import { reviewSubscriber } from './reviews/index.ts'
import { subscriptionSubscriber } from './subscriptions/index.ts'
import { testClockSubscriber } from './test-clocks/index.ts'
import { rollUpPools } from './quotas/index.ts'
import { makeUsagePartitions } from './usage/index.ts'
import { disableOverdueUsers } from './users/index.ts'
import type { Parts } from './application-parts.ts'

/** What follows events, and what time brings. */
export function workOf(parts: Parts): Pick<Parameters<typeof createJobs>[0], 'subscribers' | 'scheduled'> {
  const {
    db,
    clock,
    clocks,
    cards,
    jobBatch,
    catalog,
    connectors,
    revoked,
    sessions,
    idempotency,
    onError,
    upsell,
    remote,
    platforms,
    mail,
    places,
    webhooks,
  } = parts
  return {
    subscribers: [
      mail.subscriber,
      createProvisioningSubscriber(connectors),
      subscriptionSubscriber,
      ...orderSubscribers,
      ...chargeSubscribers(catalog),
      ...refundSubscribers(cards),
      rewardSubscriber,
      reviewSubscriber,
      invoiceSubscriber,
      dunningSubscriber,
      offerSubscriber,
      upsell.subscriber,
      ...(cards ? [cardSubscriber(cards)] : []),
      testClockSubscriber({
        clocks,
        jobsBy: (own) => [
          {
            name: 'pull-usage',
            cron: '',
            run: () => pullUsage({ db, clock: own, ask: remote.ask, usage: parts.usage, onError }),
          },
          { name: 'rate-usage', cron: '', run: async () => void (await rateDue(db, own, catalog, jobBatch)) },
          ...orderJobs({ db, clock: own, catalog, onError, batch: jobBatch }),
          { name: 'issue-missing-invoices', cron: '', run: () => issueMissing(db, own) },
          {
            name: 'dunning',
            cron: '',
            run: () => advanceDunnings({ db, clock: own, cards, onError, batch: jobBatch }),
          },
        ],
      }),
      createNotifier({ places, wake: webhooks.wake }),
    ],
    scheduled: [
      { name: 'roll-up-pools', cron: '* * * * *', run: async () => void (await rollUpPools(db, clock)) },
      {
        name: 'make-usage-partitions',
        cron: '11 3 * * *',
        run: async () => void (await makeUsagePartitions(db, clock)),
      },
      ...orderJobs({ db, clock, catalog, onError, batch: jobBatch }),
      ...(cards
        ? [
            {
              name: 'check-card-sessions',
              cron: '*/5 * * * *',
              run: () => checkSilentSessions(db, clock, clocks.of, cards),
            },
            { name: 'check-refunds', cron: '*/10 * * * *', run: () => checkSentRefunds(db, clock, clocks.of, cards) },
          ]
        : []),
      {
        name: 'advance-dunnings',
        cron: '* * * * *',
        run: () => advanceDunnings({ db, clock, cards, onError, batch: jobBatch }),
      },
      { name: 'settle-rewards', cron: '41 * * * *', run: () => settleOpenRewards(db, clock) },
      { name: 'issue-missing-invoices', cron: '17 3 * * *', run: () => issueMissing(db, clock) },
      { name: 'issue-cost-statements', cron: '37 3 * * *', run: async () => void (await issueStatements(db, clock)) },
      remote.scheduled,
      platforms.scheduled,
      { name: 'remove-old-deliveries', cron: '31 2 * * *', run: () => removeOldDeliveries(db, clock.now()) },
      {
        name: 'pull-usage',
        cron: '* * * * *',
        run: () => pullUsage({ db, clock, ask: remote.ask, usage: parts.usage, onError }),
      },
      { name: 'rate-usage', cron: '* * * * *', run: async () => void (await rateDue(db, clock, catalog, jobBatch)) },
      { name: 'remove-old-keys', cron: '23 * * * *', run: async () => void (await idempotency.removeOld()) },
      { name: 'remove-revoked-tokens', cron: '31 * * * *', run: async () => void (await revoked.removeExpired()) },
      { name: 'disable-users', cron: '* * * * *', run: async () => void (await disableOverdueUsers(db, clock)) },
      { name: 'remove-expired-sessions', cron: '29 * * * *', run: async () => void (await sessions.removeExpired()) },
    ],
  }
}

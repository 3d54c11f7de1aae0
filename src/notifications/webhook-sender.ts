import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { errorFacts } from '../platform/log.ts'
import { type Claimed, claimDue, listDueSellers } from './delivery-store.ts'
import type { WebhookId } from './schema.ts'
import { type SendDeps, sendWebhook } from './send-webhook.ts'

/** At most so many requests at a time, and so many bodies in memory. */
const CONCURRENCY = 16
/** Of one endpoint, so that a slow one leaves room for others. */
const PER_ENDPOINT = 4
const POLL_MS = 1000
const SELLERS_A_PASS = 50
/** A try whose server died is made again after this: a little more than the longest a try may take. */
const LEASE_MS = 20_000

export interface WebhookSender {
  start(): void
  /** A hint that something may be due. */
  wake(): void
  /** For tests: makes every try that is due now, and waits for all of them. */
  drain(): Promise<void>
  /** Lets tries under way finish. */
  stop(): Promise<void>
}

/**
 * Makes the tries that are due, of any number of endpoints at a time. Not jobs of the queue: there a receiver that
 * takes its time would hold up provisioning. Any number of servers may send at once; each try is handed to one.
 */
export function createWebhookSender(deps: SendDeps & { readonly log: Logger }): WebhookSender {
  const { db, clock, log } = deps
  const underWay = new Map<Claimed, Promise<void>>()
  let isRunning = false
  let hint = Promise.withResolvers<void>()
  let loop: Promise<void> | undefined

  const busy = (): WebhookId[] => {
    const counts = new Map<WebhookId, number>()
    for (const { endpointId } of underWay.keys()) counts.set(endpointId, (counts.get(endpointId) ?? 0) + 1)
    return [...counts].filter(([, count]) => count >= PER_ENDPOINT).map(([endpointId]) => endpointId)
  }

  /** @returns How many tries were begun. */
  async function beginDue(): Promise<number> {
    let begun = 0
    const at = clock.now()
    for (const sellerId of await listDueSellers(db, at, SELLERS_A_PASS)) {
      const limit = CONCURRENCY - underWay.size
      if (limit <= 0) break
      const leaseUntil = new Date(at.getTime() + LEASE_MS)
      const claimed = await claimDue(db, { sellerId, at, leaseUntil, busy: busy(), perEndpoint: PER_ENDPOINT, limit })
      for (const each of claimed) begin(each)
      begun += claimed.length
    }
    return begun
  }

  function begin(claimed: Claimed): void {
    const work = sendWebhook(deps, claimed)
      // What failed here is our own; the try is lost with its lease, and made again.
      .catch((error: unknown) =>
        log.error({ delivery_id: claimed.id, error: errorFacts(error) }, 'a webhook could not be sent'),
      )
      .finally(() => {
        underWay.delete(claimed)
        wake()
      })
    underWay.set(claimed, work)
  }

  async function run(): Promise<void> {
    while (isRunning) {
      const waiting = hint.promise
      let begun = 0
      try {
        begun = underWay.size < CONCURRENCY ? await beginDue() : 0
      } catch (error) {
        log.error({ error: errorFacts(error) }, 'looking for webhooks to send failed')
      }
      if (begun === 0) await untilHint(waiting)
    }
  }

  async function untilHint(waiting: Promise<void>): Promise<void> {
    const timer = new AbortController()
    await Promise.race([waiting, sleep(POLL_MS, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
  }

  function wake(): void {
    hint.resolve()
    hint = Promise.withResolvers()
  }

  return {
    start() {
      if (isRunning) return
      isRunning = true
      loop = run()
    },
    wake,
    async drain() {
      while ((await beginDue()) > 0 || underWay.size > 0) await Promise.all(underWay.values())
    },
    async stop() {
      isRunning = false
      wake()
      await loop
      await Promise.all(underWay.values())
    },
  }
}

import type { CorrelationId, SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { createBatcher } from '../platform/batcher.ts'
import { type Db, transaction } from '../platform/db.ts'
import { findSubjects, foldUsage, type SubjectReport, type UsageReport } from '../usage/index.ts'
import { settleAlerts } from './settle-alerts.ts'

/** `unknown_tenant`: there is none, or the caller does not see it. */
export type ReportResult = 'accepted' | 'duplicate' | 'unknown_tenant'

/** Takes in what was used. The one way in for every interface. */
export interface UsageIntake {
  /**
   * Keeps reports, folds them into usage and lets alerts follow, each seller's in one transaction: what is answered is
   * durable. Usage that has happened is never refused, and a report that came before changes nothing.
   *
   * @returns One result for each report, in order.
   * @throws {BuylinkError} `database_unavailable` when too much waits already: send it again shortly.
   */
  report(actor: Principal, reports: readonly UsageReport[]): Promise<ReportResult[]>
  idle(): Promise<void>
}

/** Reports of one request in one transaction at most; a larger request takes several. */
const REPORTS_A_RUN = 500
/** Requests that share a transaction while others are under way. */
const REQUESTS_A_RUN = 16
/** Parts of requests that may wait: some 100 MB at the very most. */
const MAX_WAITING = 500

interface Item {
  readonly reports: readonly SubjectReport[]
  readonly correlationId: CorrelationId
}

/** @param clockOf Of each seller, whose usage it receives; by default `clock`. */
export function createUsageIntake(
  db: Db,
  clock: Clock,
  clockOf: (sellerId: SellerId) => Clock = () => clock,
): UsageIntake {
  const batcher = createBatcher<SellerId, Item, readonly boolean[]>({
    maxSize: REQUESTS_A_RUN,
    maxQueued: MAX_WAITING,
    run: (sellerId, items) => foldAndSettle(db, sellerId, items, clockOf(sellerId).now()),
  })
  return {
    async report(actor, reports) {
      const subjects = await findSubjects(db, actor, [...new Set(reports.map(({ tenantId }) => tenantId))])
      const results: ReportResult[] = reports.map(() => 'unknown_tenant')
      const known = reports.flatMap((report, index) => {
        const subject = subjects.get(report.tenantId)
        return subject ? [{ index, report, subject }] : []
      })
      const { correlationId } = actor
      for (const [sellerId, own] of Map.groupBy(known, ({ subject }) => subject.sellerId)) {
        for (let start = 0; start < own.length; start += REPORTS_A_RUN) {
          const part = own.slice(start, start + REPORTS_A_RUN)
          const isNew = await batcher.submit(sellerId, { reports: part, correlationId })
          for (const [at, { index }] of part.entries()) results[index] = isNew[at] ? 'accepted' : 'duplicate'
        }
      }
      return results
    },
    idle: () => batcher.idle(),
  }
}

function foldAndSettle(db: Db, sellerId: SellerId, items: readonly Item[], at: Date): Promise<boolean[][]> {
  return transaction(db, async (tx) => {
    const reports = items.flatMap((item) => item.reports)
    const { isNew, touched } = await foldUsage(tx, sellerId, reports, at)
    const correlations = new Map(
      items.flatMap(({ reports, correlationId }) =>
        reports.flatMap(({ report, subject }) =>
          [report.tenantId, ...subject.above].map((id) => [`${id} ${report.usageName}`, correlationId] as const),
        ),
      ),
    )
    const fallback = items[0]?.correlationId ?? ''
    await settleAlerts(
      tx,
      sellerId,
      touched,
      at,
      ({ tenantId, usageName }) => correlations.get(`${tenantId} ${usageName}`) ?? fallback,
    )
    let start = 0
    return items.map((item) => isNew.slice(start, (start += item.reports.length)))
  })
}

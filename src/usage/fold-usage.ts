import { createHash } from 'node:crypto'
import { invariant } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Tx } from '../platform/db.ts'
import { dayOf, foldChanges, ownUsageOf, sumOf } from './rules.ts'
import type { OwnUsage, UsageKey, UsageReport, UsageSubject } from './schema.ts'
import {
  keepReports,
  type KeyedReport,
  listChanges,
  lockUsages,
  type SampleChange,
  type UsageRow,
  writeSamples,
  writeUsages,
} from './store.ts'

/** A report with the tenants whose usage it changes. */
export interface SubjectReport {
  readonly report: UsageReport
  readonly subject: UsageSubject
}

export interface Folded {
  /** For each report, in order: whether it was new. */
  readonly isNew: readonly boolean[]
  /** Usages that may have changed; their rows stay locked until the transaction ends. */
  readonly touched: readonly UsageKey[]
}

/**
 * Keeps reports of one seller's tenants and brings what is used up to date: the tenant's and that of those above it up to
 * the customer, and each day's sample. The order and the batches in which reports come do not matter.
 */
export async function foldUsage(
  tx: Tx,
  sellerId: SellerId,
  reports: readonly SubjectReport[],
  at: Date,
): Promise<Folded> {
  const byKey = new Map<string, SubjectReport & { report: KeyedReport }>()
  const keys = reports.map(({ report, subject }) => {
    const key = keyOf(report)
    if (!byKey.has(key)) byKey.set(key, { report: { ...report, key }, subject })
    return key
  })
  const fresh = await keepReports(
    tx,
    sellerId,
    [...byKey.values()].map(({ report }) => report),
    at,
  )
  const left = new Set(fresh)
  // Of the same one twice in a batch, the first is the new one.
  const isNew = keys.map((key) => left.delete(key))
  if (fresh.size === 0) return { isNew, touched: [] }
  const kept = [...byKey.values()].filter(({ report }) => fresh.has(report.key))
  return { isNew, touched: await apply(tx, sellerId, kept) }
}

async function apply(tx: Tx, sellerId: SellerId, kept: readonly SubjectReport[]): Promise<UsageKey[]> {
  const groups = Map.groupBy(kept, ({ report }) => idOf(report))
  const touched = new Map<string, UsageKey>()
  for (const { report, subject } of kept) {
    for (const tenantId of [report.tenantId, ...subject.above]) {
      const key = { tenantId, usageName: report.usageName }
      touched.set(idOf(key), key)
    }
  }
  const locked = await lockUsages(tx, sellerId, [...touched.values()])
  const rows = new Map(locked.map((row) => [idOf(row), { ...row, updatedAt: new Date(0) }]))
  const samples: SampleChange[] = []
  for (const [id, group] of groups) {
    const [first] = group
    const row = rows.get(id)
    invariant(first && row, 'what was reported is locked')
    const { usageName } = first.report
    const changes = group.map(({ report }) => ({ at: report.at, change: report.change }))
    const own: OwnUsage = foldChanges(row, changes) ?? ownUsageOf(await listChanges(tx, sellerId, row))
    const moved = own.own - row.own
    const latest = changes.reduce((max, change) => (change.at > max ? change.at : max), new Date(0))
    const isDeltasAlone = changes.every(({ change }) => 'delta' in change) && own.valueAt === null
    const days = Map.groupBy(changes, (change) => dayOf(change.at))
    for (const tenantId of [row.tenantId, ...first.subject.above]) {
      const target = rows.get(idOf({ tenantId, usageName }))
      invariant(target, 'those above are locked')
      target.total += moved
      if (latest > target.updatedAt) target.updatedAt = latest
      const about = { tenantId, usageName }
      if (isDeltasAlone) {
        for (const [day, of] of days) samples.push({ ...about, day, at: latest, add: sumOf(of), total: null })
      } else if (tenantId !== row.tenantId) {
        samples.push({ ...about, day: dayOf(latest), at: latest, add: moved, total: null })
      }
    }
    Object.assign(row, own)
    if (!isDeltasAlone) samples.push(...valueSamples(row, days))
  }
  await writeUsages(tx, sellerId, [...rows.values()])
  for (const round of roundsOf(samples)) await writeSamples(tx, sellerId, round)
  return [...touched.values()]
}

type Days = ReadonlyMap<string, readonly { readonly at: Date; readonly change: UsageReport['change'] }[]>

/** Each day's latest value; where deltas are mixed in, what is known now, for the latest day. */
function valueSamples(row: UsageRow, days: Days): SampleChange[] {
  const about = { tenantId: row.tenantId, usageName: row.usageName, add: null }
  if (row.hasDeltas) {
    const at = [...days.values()].flat().reduce((max, change) => (change.at > max ? change.at : max), new Date(0))
    return [{ ...about, day: dayOf(at), at, total: row.total }]
  }
  return [...days].map(([day, changes]) => {
    const { own, valueAt } = ownUsageOf(changes)
    return { ...about, day, at: valueAt ?? new Date(0), total: own + row.total - row.own }
  })
}

/** At most one change a usage in each round, additions of one day joined; the earliest days first. */
function roundsOf(samples: readonly SampleChange[]): SampleChange[][] {
  const joined = new Map<string, SampleChange>()
  for (const sample of samples) {
    const id = `${idOf(sample)} ${sample.day}`
    const known = joined.get(id)
    joined.set(id, known?.add != null && sample.add !== null ? { ...sample, add: known.add + sample.add } : sample)
  }
  const rounds: SampleChange[][] = []
  const seen = new Map<string, number>()
  for (const sample of [...joined.values()].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const round = seen.get(idOf(sample)) ?? 0
    seen.set(idOf(sample), round + 1)
    rounds[round] = [...(rounds[round] ?? []), sample]
  }
  return rounds
}

const idOf = ({ tenantId, usageName }: UsageKey): string => `${tenantId} ${usageName}`

/** Source and id as one UUID: half of a SHA-256, so that keys are short whatever a source calls itself. */
function keyOf({ source, eventId }: UsageReport): string {
  const hex = createHash('sha256').update(`${source}\0${eventId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

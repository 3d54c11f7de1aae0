import { invariant } from '../kernel/errors.ts'
import type { LedgerEntry } from './schema.ts'

/** One amount per ledger account, zero sums left out, in the order in which rows are locked. */
export function netEntries(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const sums = new Map<string, LedgerEntry>()
  for (const entry of entries) {
    const key = `${entry.kind}:${entry.accountId ?? ''}`
    sums.set(key, { ...entry, amountMinor: entry.amountMinor + (sums.get(key)?.amountMinor ?? 0n) })
  }
  return [...sums]
    .filter(([, entry]) => entry.amountMinor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry)
}

/** @throws An invariant: entries that do not sum to zero are our mistake and must never be written. */
export function assertBalanced(entries: readonly LedgerEntry[]): void {
  const sum = entries.reduce((total, entry) => total + entry.amountMinor, 0n)
  invariant(sum === 0n, `a posting must sum to zero, not ${sum}`)
}

/** Moves money from one account to another: the first is debited (a debt of ours shrinks), the second credited. */
export const transfer = (
  amountMinor: bigint,
  from: Omit<LedgerEntry, 'amountMinor'>,
  to: Omit<LedgerEntry, 'amountMinor'>,
): LedgerEntry[] => [
  { ...from, amountMinor },
  { ...to, amountMinor: -amountMinor },
]

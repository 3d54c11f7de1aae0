import { divideHalfUp } from '../kernel/decimal.ts'
import type { TenantId } from '../kernel/ids.ts'
import { transfer } from '../ledger/rules.ts'
import type { LedgerEntry } from '../ledger/schema.ts'
import { clearingOf } from '../payments/rules.ts'
import type { RefundMethod } from './schema.ts'

export interface Income {
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/**
 * Splits what is given back into net and tax as they are in what is left; all that is left takes all of its tax, so
 * several parts never give back another tax than was charged.
 */
export function splitRefund(amountMinor: bigint, left: Income): Income {
  const total = left.netMinor + left.taxMinor
  if (amountMinor === total) return left
  const taxMinor = total === 0n ? 0n : divideHalfUp(amountMinor * left.taxMinor, total)
  return { netMinor: amountMinor - taxMinor, taxMinor }
}

/** Where money stands once it is given back: on the balance, on its way to the card, or out of the bank. */
const placeOf = (method: RefundMethod, accountId: TenantId) =>
  method === 'balance'
    ? ({ kind: 'customer_balance', accountId } as const)
    : method === 'card'
      ? ({ kind: 'refunds', accountId } as const)
      : clearingOf('bank')

/** Income of an order that is given back. */
export const orderRefundEntries = (
  method: RefundMethod,
  accountId: TenantId,
  { netMinor, taxMinor }: Income,
): LedgerEntry[] => [
  ...transfer(netMinor, { kind: 'revenue', accountId: null }, placeOf(method, accountId)),
  ...transfer(taxMinor, { kind: 'tax', accountId: null }, placeOf(method, accountId)),
]

/** Money of the balance that goes back. */
export const balanceRefundEntries = (method: RefundMethod, accountId: TenantId, amountMinor: bigint): LedgerEntry[] =>
  transfer(amountMinor, { kind: 'customer_balance', accountId }, placeOf(method, accountId))

/** The gateway has sent it. */
export const sentEntries = (accountId: TenantId, amountMinor: bigint): LedgerEntry[] =>
  transfer(amountMinor, { kind: 'refunds', accountId }, clearingOf('gateway'))

/** It could not be sent: the customer has it on the balance. */
export const unsentEntries = (accountId: TenantId, amountMinor: bigint): LedgerEntry[] =>
  transfer(amountMinor, { kind: 'refunds', accountId }, { kind: 'customer_balance', accountId })

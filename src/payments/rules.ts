import { minorDigits } from '../kernel/money.ts'
import { transfer } from '../ledger/rules.ts'
import type { LedgerEntry } from '../ledger/schema.ts'
import type { Payment } from './schema.ts'

export const isOpen = (payment: Payment): boolean =>
  payment.status === 'waiting_for_payment' || payment.status === 'processing'

/** All of its money is there, from wherever. */
export const isSettled = (payment: Pick<Payment, 'status'>): boolean =>
  payment.status === 'completed' || payment.status === 'paid_from_balance'

export const outstandingMinor = (payment: Payment): bigint =>
  payment.receivedMinor >= payment.totalMinor ? 0n : payment.totalMinor - payment.receivedMinor

/**
 * The most that is asked for or booked at once: twelve digits before the point, as a link's top-up has. Books once
 * filled to the brim by a slip of the hand would refuse all that comes after.
 */
export const mostAtOnceMinor = (currency: string): bigint => 10n ** BigInt(12 + minorDigits(currency)) - 1n

/** The most that one receipt may say: that much, or what is outstanding. */
export const mostMinor = (payment: Payment): bigint => {
  const cap = mostAtOnceMinor(payment.currency)
  const outstanding = outstandingMinor(payment)
  return outstanding > cap ? outstanding : cap
}

export interface Receipt {
  readonly receivedMinor: bigint
  readonly completes: boolean
  /** More than was asked for: goes to the balance. */
  readonly surplusMinor: bigint
}

/** What `amountMinor` more does to a payment that waits: parts add up, what is too much is the customer's. */
export function receive(payment: Payment, amountMinor: bigint): Receipt {
  const receivedMinor = payment.receivedMinor + amountMinor
  const completes = receivedMinor >= payment.totalMinor
  return { receivedMinor, completes, surplusMinor: completes ? receivedMinor - payment.totalMinor : 0n }
}

/** Where money comes in: the seller's bank, or the gateway that takes cards and pays out later. */
export type MoneySource = 'bank' | 'gateway'

/** The account of the ledger that money from there, or back to there, goes through. */
export const clearingOf = (source: MoneySource) =>
  ({ kind: source === 'bank' ? 'bank_clearing' : 'gateway_clearing', accountId: null }) as const

/** It is there; until the payment is settled it is nobody's income and cannot be spent elsewhere. */
export const receiptEntries = (payment: Payment, amountMinor: bigint, source: MoneySource): LedgerEntry[] =>
  transfer(amountMinor, clearingOf(source), { kind: 'unapplied_cash', accountId: payment.accountId })

/** Money for a payment that no longer waits is the customer's to spend. */
export const lateEntries = (payment: Payment, amountMinor: bigint, source: MoneySource): LedgerEntry[] =>
  transfer(amountMinor, clearingOf(source), { kind: 'customer_balance', accountId: payment.accountId })

/** A completed top-up credits the balance; an order's money waits for the order to book it, only its surplus is credited. */
export function settledEntries(payment: Payment, receipt: Receipt): LedgerEntry[] {
  const toBalance = payment.purpose === 'top_up' ? receipt.receivedMinor : receipt.surplusMinor
  return toBalance === 0n ? [] : releaseEntries(payment, toBalance)
}

/** Money that no longer waits for anything becomes the account's balance. */
export const releaseEntries = (payment: Pick<Payment, 'accountId'>, amountMinor: bigint): LedgerEntry[] =>
  transfer(
    amountMinor,
    { kind: 'unapplied_cash', accountId: payment.accountId },
    { kind: 'customer_balance', accountId: payment.accountId },
  )

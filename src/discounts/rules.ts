import { divideHalfUp } from '../kernel/decimal.ts'
import type { Discount, Fee, GrantedDiscount, NamedCode, Terms } from './schema.ts'

/** What of a line of an order a discount looks at. */
export interface Line {
  readonly kind: string
  readonly netMinor: bigint
  readonly taxMinor: bigint
}

/** What is ordered, as far as a discount asks. */
export interface Ordered {
  readonly productId: string
  readonly planId: string
  readonly planPeriodId: string
}

/** Who orders, as far as a discount asks. */
export interface Customer {
  /** The payer account; '' of whom nothing is known. */
  readonly id: string
  /** Its subscriptions that run and are no trials. */
  readonly owns: readonly { readonly subscriptionId: string; readonly planId: string }[]
}

/** A visitor, of whom nothing is known: what is told to everybody is told so. */
export const NOBODY: Customer = { id: '', owns: [] }

/** The customer as if a subscription were none: what is replaced, or just begins, is no reason for a discount on itself. */
export const without = ({ id, owns }: Customer, subscriptionId: string): Customer => ({
  id,
  owns: owns.filter((each) => each.subscriptionId !== subscriptionId),
})

/** What comes off, in minor units: positive, at most what there is. `recurringMinor` is the part of the net that is off recurring fees. */
export interface Reduction {
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly recurringMinor: bigint
}

const FEE_OF: Readonly<Record<string, Fee>> = {
  period_setup: 'setup',
  resource_setup: 'setup',
  period_recurring: 'recurring',
  resource_recurring: 'recurring',
  // What keeps a renewal at the price agreed on is part of that price.
  period_kept: 'recurring',
  period_renewal: 'renewal',
  resource_renewal: 'renewal',
}

const sumOf = (lines: readonly Line[], pick: (line: Line) => bigint): bigint =>
  lines.reduce((sum, line) => sum + pick(line), 0n)

/**
 * What a discount takes off such lines: a share of the fees it applies to, rounded half up, or an amount, at most all of
 * them. The tax comes off in the same proportion, so that of nothing left nothing is taxed.
 */
export function reductionOf(lines: readonly Line[], { off, fees }: Pick<Terms, 'off' | 'fees'>): Reduction {
  const reduced = lines.filter(({ kind }) => fees.some((fee) => FEE_OF[kind] === fee))
  const net = sumOf(reduced, ({ netMinor }) => netMinor)
  if (net <= 0n) return { netMinor: 0n, taxMinor: 0n, recurringMinor: 0n }
  const netMinor =
    off.kind === 'percent'
      ? divideHalfUp(net * BigInt(off.basisPoints), 10_000n)
      : off.amountMinor < net
        ? off.amountMinor
        : net
  const recurring = sumOf(
    reduced.filter(({ kind }) => FEE_OF[kind] === 'recurring'),
    (line) => line.netMinor,
  )
  const tax = sumOf(reduced, ({ taxMinor }) => taxMinor)
  return {
    netMinor,
    taxMinor: divideHalfUp(tax * netMinor, net),
    recurringMinor: divideHalfUp(recurring * netMinor, net),
  }
}

/** Whether a discount is for what is ordered at this moment: from its beginning, up to its end. */
export function appliesTo(discount: Discount, { productId, planId, planPeriodId }: Ordered, at: Date): boolean {
  const isListed = (ids: readonly string[], id: string): boolean => ids.length === 0 || ids.includes(id)
  return (
    isListed(discount.productIds, productId) &&
    isListed(discount.planIds, planId) &&
    isListed(discount.planPeriodIds, planPeriodId) &&
    (discount.startsAt === null || discount.startsAt <= at) &&
    (discount.endsAt === null || at < discount.endsAt)
  )
}

/** Whether a discount is for who orders: everybody, or an account of its list that has a plan of its list (facts A6.5). */
export const isFor = ({ accountIds, ownedPlanIds }: Discount, { id, owns }: Customer): boolean =>
  (accountIds.length === 0 || accountIds.some((accountId) => accountId === id)) &&
  (ownedPlanIds.length === 0 || owns.some(({ planId }) => ownedPlanIds.includes(planId)))

/** When the first of them begins or ends after a moment; null: never. */
export const nextTurn = (discounts: readonly Discount[], at: Date): Date | null =>
  discounts
    .flatMap(({ startsAt, endsAt }) => [startsAt, endsAt])
    .reduce<Date | null>(
      (next, turn) => (turn !== null && turn > at && (next === null || turn < next) ? turn : next),
      null,
    )

/** A discount that may be chosen; `code` where it was named by one. */
export interface Candidate {
  readonly terms: Terms
  readonly code: string | null
}

export interface Chosen extends Candidate {
  readonly reduction: Reduction
}

/**
 * Of several the one that takes most off this order, never two (spec/commerce.md "Orders"). Of equal ones the one that
 * needs no code, which then stays unused; then the one that lasts longer; then the older.
 */
export function highestOf(lines: readonly Line[], candidates: readonly Candidate[]): Chosen | undefined {
  const rank = ({ terms: { periods } }: Candidate): number => periods ?? Number.POSITIVE_INFINITY
  return candidates
    .map((candidate) => ({ ...candidate, reduction: reductionOf(lines, candidate.terms) }))
    .filter(({ reduction }) => reduction.netMinor > 0n)
    .sort(
      (a, b) =>
        (a.reduction.netMinor === b.reduction.netMinor ? 0 : a.reduction.netMinor > b.reduction.netMinor ? -1 : 1) ||
        Number(a.code !== null) - Number(b.code !== null) ||
        (rank(a) === rank(b) ? 0 : rank(a) > rank(b) ? -1 : 1) ||
        (a.terms.id < b.terms.id ? -1 : 1),
    )[0]
}

/** What may be chosen from for what is ordered, by whom: the seller's automatic ones, and that of a code. */
export const candidatesFor = (
  automatic: readonly Discount[],
  named: { readonly code: string; readonly discount: Discount } | null,
  ordered: Ordered,
  customer: Customer,
  at: Date,
): Candidate[] =>
  [...automatic.map((discount) => ({ discount, code: null })), ...(named ? [named] : [])]
    .filter(({ discount }) => appliesTo(discount, ordered, at) && isFor(discount, customer))
    .map(({ discount, code }) => ({ terms: discount, code }))

/** A chosen discount as the order keeps it. */
export const granted = ({ terms, code, reduction }: Chosen): GrantedDiscount => ({
  id: terms.id,
  name: terms.name,
  code,
  percent_basis_points: terms.off.kind === 'percent' ? terms.off.basisPoints : null,
  amount_minor: terms.off.kind === 'amount' ? terms.off.amountMinor.toString() : null,
  fees: terms.fees,
  periods_left: terms.periods === null ? null : terms.periods - 1,
  net_minor: reduction.netMinor.toString(),
  tax_minor: reduction.taxMinor.toString(),
  recurring_minor: reduction.recurringMinor.toString(),
})

/** What was granted, for the next period; undefined where it has been used up. */
export function nextOf(grant: GrantedDiscount | null): Candidate | undefined {
  if (!grant || grant.periods_left === 0) return undefined
  const { id, name, code, percent_basis_points: basisPoints, amount_minor: amountMinor, fees } = grant
  const off =
    basisPoints === null
      ? ({ kind: 'amount', amountMinor: BigInt(amountMinor ?? '0') } as const)
      : ({ kind: 'percent', basisPoints } as const)
  return { terms: { id, name, off, fees, periods: grant.periods_left }, code }
}

/** What of recurring fees, net, comes off the period that runs. */
export const recurringOff = (grant: GrantedDiscount | null): bigint => BigInt(grant?.recurring_minor ?? '0')

/** Why a code takes nothing off, in the words of who entered it; undefined: nothing stands against it. */
export function refusalOf(
  named: NamedCode | undefined,
  ordered: Ordered,
  customer: Customer,
  at: Date,
): string | undefined {
  if (!named?.isActive) return 'There is no such code. Look at how it is written.'
  const { discount, maxUses, uses, maxUsesPerAccount, usesOfAccount } = named
  if (discount.endsAt !== null && discount.endsAt <= at) return 'This code is no longer valid.'
  if (discount.startsAt !== null && discount.startsAt > at) return 'This code is not valid yet.'
  if (maxUses !== null && uses >= maxUses) return 'This code has been used up.'
  if (maxUsesPerAccount !== null && usesOfAccount >= BigInt(maxUsesPerAccount))
    return maxUsesPerAccount === 1
      ? 'You have used this code already.'
      : `You have used this code ${maxUsesPerAccount} times already.`
  if (!isFor({ ...discount, ownedPlanIds: [] }, customer)) return 'This code is not for your account.'
  if (!isFor(discount, customer)) return 'This code is for customers who have another plan of ours already.'
  if (!appliesTo(discount, ordered, at)) return 'This code is not for this plan or period.'
  return undefined
}

/** Codes are told apart by letters and digits, not by how they were typed. */
export const normalCode = (typed: string): string => typed.replaceAll(/\s/g, '').toUpperCase()

/** What a code looks like. */
export const CODE = /^[A-Z0-9][A-Z0-9_-]{2,39}$/

/** The line of an order that says what comes off. */
export interface DiscountLine extends Line {
  readonly kind: 'discount'
  readonly itemId: string
  readonly description: string
  readonly quantity: bigint
  readonly months: { readonly numerator: bigint; readonly denominator: bigint }
  readonly unitMinor: bigint
}

/** What of a price a discount changes; its lines sum to its totals. */
interface Price {
  readonly lines: readonly Line[]
  readonly netMinor: bigint
  readonly taxMinor: bigint
  readonly totalMinor: bigint
  /** Net and tax of the next period; null where none is known. */
  readonly renewalMinor: bigint | null
}

/** A price less the highest of its discounts: a line takes it off, so that lines, tax and total agree as before. */
export type Discounted<Quote extends Price> = Omit<Quote, 'lines'> & {
  readonly lines: readonly (Quote['lines'][number] | DiscountLine)[]
  readonly discount: GrantedDiscount | null
}

/**
 * @param renewing What another period costs before it is discounted, to tell the price of the next one.
 * @param itemId The plan period that is ordered.
 */
export function withHighest<Quote extends Price>(
  quote: Quote,
  candidates: readonly Candidate[],
  renewing: readonly Line[],
  itemId: string,
): Discounted<Quote> {
  const chosen = highestOf(quote.lines, candidates)
  if (!chosen) return { ...quote, discount: null }
  const { terms, code, reduction } = chosen
  const discount = granted(chosen)
  const next = nextOf(discount)
  const nextReduction = next && reductionOf(renewing, next.terms)
  const line: DiscountLine = {
    kind: 'discount',
    itemId,
    description: code === null ? terms.name : `${terms.name} (${code})`,
    quantity: 1n,
    months: { numerator: 1n, denominator: 1n },
    unitMinor: -reduction.netMinor,
    netMinor: -reduction.netMinor,
    taxMinor: -reduction.taxMinor,
  }
  return {
    ...quote,
    lines: [...quote.lines, line],
    netMinor: quote.netMinor - reduction.netMinor,
    taxMinor: quote.taxMinor - reduction.taxMinor,
    totalMinor: quote.totalMinor - reduction.netMinor - reduction.taxMinor,
    renewalMinor:
      quote.renewalMinor === null || !nextReduction
        ? quote.renewalMinor
        : quote.renewalMinor - nextReduction.netMinor - nextReduction.taxMinor,
    discount,
  }
}

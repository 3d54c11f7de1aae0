import type { AppliesTo, Partner, Program, RewardOutcome } from './schema.ts'

/**
 * What a partner earns of an order's revenue in all: the share, rounded down to the minor unit, and never less than
 * nothing (docs/adr/0011-rewards.md).
 *
 * @param netMinor What the books hold as revenue of the order, in minor units.
 */
export const rewardMinor = (netMinor: bigint, basisPoints: number): bigint =>
  netMinor > 0n ? (netMinor * BigInt(basisPoints)) / 10_000n : 0n

export interface Movement {
  readonly postingId: string
  /** Minor units: positive when revenue is booked, negative when it is returned. */
  readonly netMinor: bigint
  readonly at: Date
}

export interface RewardLine extends Movement {
  readonly rewardMinor: bigint
}

/**
 * The lines that are missing, so that the sum of all is the reward of the sum of all movements: nothing is earned twice,
 * what is returned is taken back to the last unit, whatever the order they come in.
 *
 * @param settledMinor What was settled before: the sum of its net amounts.
 */
export function missingLines(settledMinor: bigint, movements: readonly Movement[], basisPoints: number): RewardLine[] {
  let sum = settledMinor
  return movements.map((movement) => {
    const before = rewardMinor(sum, basisPoints)
    sum += movement.netMinor
    return { ...movement, rewardMinor: rewardMinor(sum, basisPoints) - before }
  })
}

export interface Judgement {
  readonly outcome: RewardOutcome
  /** 0 where nothing is earned. */
  readonly basisPoints: number
}

/** The terms of a partner: their own before the programme's. */
export const termsOf = (
  partner: Pick<Partner, 'basisPoints' | 'appliesTo'>,
  program: Pick<Program, 'basisPoints' | 'appliesTo'>,
): { basisPoints: number; appliesTo: AppliesTo } => ({
  basisPoints: partner.basisPoints ?? program.basisPoints,
  appliesTo: partner.appliesTo ?? program.appliesTo,
})

/** Whether an order earns its partner something, decided once, when it is first paid. */
export function judgeOrder(question: {
  readonly partner: Pick<Partner, 'basisPoints' | 'appliesTo' | 'joinedAt'>
  readonly program: Pick<Program, 'basisPoints' | 'appliesTo' | 'validFrom' | 'validUntil'>
  readonly isActive: boolean
  readonly isSelfReferral: boolean
  /** The account's first paid order. */
  readonly isFirst: boolean
  readonly placedAt: Date
}): Judgement {
  const { partner, program, placedAt } = question
  const none = (outcome: RewardOutcome): Judgement => ({ outcome, basisPoints: 0 })
  const { basisPoints, appliesTo } = termsOf(partner, program)
  if (question.isSelfReferral) return none('self_referral')
  if (!question.isActive) return none('inactive')
  const isOver = program.validUntil !== null && placedAt >= program.validUntil
  if (placedAt < partner.joinedAt || placedAt < program.validFrom || isOver) return none('not_valid')
  if (appliesTo === 'first' && !question.isFirst) return none('not_first')
  return { outcome: 'counts', basisPoints }
}

/** UTC days, the last one included. */
export interface Range {
  readonly from: Date
  readonly until: Date
}

/** A report's rows; weeks begin on Monday. */
export type Step = 'day' | 'week' | 'month'

const DAY = 86_400_000

/** The first day of every step that a range touches, as `2026-03-01`. */
export function stepsOf({ from, until }: Range, by: Step): string[] {
  const starts: string[] = []
  let start = new Date(from.getTime() - (from.getTime() % DAY))
  if (by === 'week') start = new Date(start.getTime() - ((start.getUTCDay() + 6) % 7) * DAY)
  if (by === 'month') start.setUTCDate(1)
  while (start <= until) {
    starts.push(start.toISOString().slice(0, 10))
    const next = new Date(start)
    if (by === 'month') next.setUTCMonth(next.getUTCMonth() + 1)
    else next.setUTCDate(next.getUTCDate() + (by === 'week' ? 7 : 1))
    start = next
  }
  return starts
}

/** The last 30 days unless said; at most three years. */
export function rangeOf(now: Date, { from, until }: { from?: Date | undefined; until?: Date | undefined }): Range {
  const last = until ?? new Date(now.getTime() - (now.getTime() % DAY))
  const first = from ?? new Date(last.getTime() - 29 * DAY)
  return { from: new Date(Math.max(first.getTime(), last.getTime() - 1_096 * DAY)), until: last }
}

/** Steps that give a report some dozen rows. */
export const stepFor = ({ from, until }: Range): Step => {
  const days = (until.getTime() - from.getTime()) / DAY
  return days <= 45 ? 'day' : days <= 190 ? 'week' : 'month'
}

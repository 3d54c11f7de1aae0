import type { CatalogSnapshot } from '../catalog/schema.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { Payer } from './checkout-context-view.ts'
import { judgeChange, judgeSwitch, type PricedChange, type Running } from './rules.ts'
import type { Checkout } from './schema.ts'

/**
 * Judges and prices a draft that changes what runs: what it shows today is what placing it charges today.
 *
 * @throws {BuylinkError} Why it cannot be had, as the rule of its type says it.
 */
export function judgeDraft(
  snapshot: CatalogSnapshot,
  running: Running,
  { type, selection }: Pick<Checkout, 'type' | 'selection'>,
  payer: Payer,
  at: Date,
): PricedChange {
  const { planId, planPeriodId, quantities: asked } = selection
  const judged =
    type === 'switch'
      ? judgeSwitch(snapshot, running, { planId, planPeriodId, asked }, payer, at)
      : judgeChange(snapshot, running, asked, payer, at)
  if (!('kind' in judged)) return judged
  throw new BuylinkError(judged.code, judged.message, judged.problems ? { problems: judged.problems } : {})
}

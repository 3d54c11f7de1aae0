import type { CatalogSnapshot } from '../catalog/schema.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { Payer } from './checkout-context-view.ts'
import { renewalHindranceOf } from '../subscriptions/rules.ts'
import { judgeRenewal } from './judge-renewal.ts'
import { judgeSwitch } from './judge-switch.ts'
import { judgeChange, type PricedChange, type RefusedChange, refuse, type Running } from './rules.ts'
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
      : type === 'renewal'
        ? renewalByHand(snapshot, running, planPeriodId, payer, at)
        : judgeChange(snapshot, running, asked, payer, at)
  if (!('kind' in judged)) return judged
  throw new BuylinkError(judged.code, judged.message, judged.problems ? { problems: judged.problems } : {})
}

/** Within the window that the account's class leaves for it. */
function renewalByHand(
  snapshot: CatalogSnapshot,
  running: Running,
  planPeriodId: string,
  payer: Payer,
  at: Date,
): PricedChange | RefusedChange {
  const hindrance = renewalHindranceOf(running.subscription, payer, at)
  return hindrance ? refuse('conflict', hindrance) : judgeRenewal(snapshot, running, planPeriodId, payer, at)
}

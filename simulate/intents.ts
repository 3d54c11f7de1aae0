import type { OrderId, SubscriptionId } from '../src/kernel/ids.ts'
import { DAY_MS, HOUR_MS } from '../src/kernel/time.ts'
import type { Customer, Step } from './customers.ts'
import type { Chance } from './random.ts'
import { CODES } from './stores.ts'
import type { OwnPayment, OwnSubscription, Standing } from './standing.ts'

/** Something that somebody wants done, and asks for until it is answered. */
export type Intent =
  | { readonly kind: 'join' }
  | {
      readonly kind: 'order'
      readonly key: string
      readonly planId: string
      readonly periodId: string
      readonly quantities: Readonly<Record<string, bigint>>
      readonly topupMinor: bigint | null
      readonly promoCode?: string | undefined
    }
  | { readonly kind: 'pay'; readonly key: string; readonly payment: OwnPayment; readonly amountMinor: bigint }
  | { readonly kind: 'pay_by_card'; readonly payment: OwnPayment; readonly keeps: boolean }
  | { readonly kind: 'keep_card' }
  | { readonly kind: 'pay_from_balance'; readonly payment: OwnPayment }
  | { readonly kind: 'top_up'; readonly key: string; readonly amountMinor: bigint }
  | { readonly kind: 'cancel_order'; readonly orderId: OrderId }
  | {
      readonly kind: 'change'
      readonly key: string
      readonly id: SubscriptionId
      readonly quantities: Readonly<Record<string, bigint>>
    }
  | {
      readonly kind: 'switch' | 'renew'
      readonly key: string
      readonly id: SubscriptionId
      readonly planId: string
      readonly periodId: string
    }
  | { readonly kind: 'undo'; readonly orderId: OrderId }
  | { readonly kind: 'cancel' | 'cancel_now' | 'keep' | 'stop' | 'resume' | 'retry'; readonly id: SubscriptionId }
  | { readonly kind: 'retry_order' | 'give_up_order'; readonly orderId: OrderId }

/** What a customer, its bank and the staff that look after it want in a step, as it stands at the step's end. */
export function intentsOf(customer: Customer, standing: Standing | undefined, step: Step): Intent[] {
  const { joinsAt } = customer
  if (joinsAt > step.to) return []
  const draw = customer.chance('step', step.index)
  if (!standing) return [{ kind: 'join' }, ...firstOrders(customer, draw)]
  const hours = (step.to.getTime() - step.from.getTime()) / HOUR_MS
  /** Whether what happens every so many days on average happens in this step. */
  const happens = (days: number): boolean => draw.isWithin(Math.min(0.9, hours / (24 * days)))
  const key = `${customer.name}-${step.index}`
  return [
    ...standing.payments.flatMap((payment) => payments(customer, payment, standing, step)),
    ...standing.subscriptions.flatMap((subscription, index) =>
      wishes(customer, subscription, `${key}-${index}`, draw, happens),
    ),
    ...topups(customer, standing, key, draw, happens),
    ...cards(customer, standing, customer.chance('cards', step.index), hours),
    ...(happens(500) ? [officeOrder(customer, `${key}-again`, draw)] : []),
  ]
}

function firstOrders(customer: Customer, draw: Chance): Intent[] {
  const { wants, reseller } = customer
  const order = (kind: string, planId: string, periodId: string, topup = false): Intent => ({
    kind: 'order',
    key: `${customer.name}-first-${kind}`,
    planId,
    periodId,
    quantities: {},
    topupMinor: topup ? money(customer, draw.between(20, 400)) : null,
  })
  return [
    ...(wants === 'office' || wants === 'both' ? [officeOrder(customer, `${customer.name}-first`, draw)] : []),
    ...(wants === 'trial' ? [order('trial', reseller.office.planId, reseller.office.trial)] : []),
    ...(wants === 'metered' || wants === 'both'
      ? [order('metered', reseller.metered.planId, reseller.metered.periodId, draw.isWithin(0.8))]
      : []),
  ]
}

const officeOrder = ({ reseller }: Customer, key: string, draw: Chance): Intent => ({
  kind: 'order',
  key,
  planId: reseller.office.planId,
  periodId: draw.pick(reseller.office.periods),
  quantities: draw.isWithin(0.5)
    ? { [reseller.seats]: BigInt(draw.between(5, 40)), [reseller.storage]: BigInt(draw.between(1, 12)) }
    : {},
  topupMinor: null,
  promoCode: draw.isWithin(0.4) ? draw.pick(CODES) : undefined,
})

/** Whole units of the reseller's currency, as minor ones of about so many dollars. */
const money = ({ reseller }: Customer, dollars: number): bigint =>
  reseller.digits === 0 ? BigInt(dollars * 150) : BigInt(dollars) * 10n ** BigInt(reseller.digits)

/** An order for the next period is placed a week before it begins, and its charge tried again for some days. */
const CHARGED_DAYS = 11

/** Whether and how a payment is paid is decided when it is first seen; when that is, is its own time. */
function payments(customer: Customer, payment: OwnPayment, { balanceMinor, hasCard }: Standing, step: Step): Intent[] {
  const fate = customer.chance('payment', payment.createdAt.getTime(), payment.purpose, String(payment.totalMinor))
  const isForgotten = fate.isWithin(
    { prompt: 0.02, late: 0.1, in_parts: 0.05, too_much: 0.05, from_balance: 0.1, seldom: 0.5 }[customer.pays],
  )
  const days =
    fate.next() * { prompt: 2, late: 13, in_parts: 3, too_much: 5, from_balance: 2, seldom: 9 }[customer.pays]
  const key = `${customer.name}-${payment.createdAt.getTime()}-${payment.totalMinor}`
  // Who has a card there leaves it to be charged, and looks only when reminders have come.
  const waits = hasCard && payment.isRenewal ? CHARGED_DAYS : 0
  const isTime = step.to.getTime() >= payment.createdAt.getTime() + (days + waits) * DAY_MS
  if (isForgotten)
    return payment.orderId && isTime && fate.isWithin(0.3) ? [{ kind: 'cancel_order', orderId: payment.orderId }] : []
  if (!isTime) return []
  if (customer.hasCard && fate.isWithin(0.6)) return [{ kind: 'pay_by_card', payment, keeps: fate.isWithin(0.7) }]
  const pay = (part: string, amountMinor: bigint): Intent => ({
    kind: 'pay',
    key: `${key}-${part}`,
    payment,
    amountMinor,
  })
  switch (customer.pays) {
    case 'in_parts': {
      if (payment.receivedMinor > 0n) return [pay('rest', payment.totalMinor - payment.receivedMinor)]
      const part = payment.totalMinor / 3n
      return part > 0n ? [pay('part', part)] : [pay('all', payment.totalMinor)]
    }
    case 'too_much':
      return [pay('all', payment.totalMinor + BigInt(fate.between(0, 900)))]
    case 'from_balance':
      if (payment.purpose === 'top_up') return [pay('all', payment.totalMinor)]
      // Most look at the balance first.
      return balanceMinor >= payment.totalMinor || fate.isWithin(0.1) ? [{ kind: 'pay_from_balance', payment }] : []
    case 'prompt':
    case 'late':
    case 'seldom':
      return [pay('all', payment.totalMinor)]
  }
}

function wishes(
  { reseller }: Customer,
  subscription: OwnSubscription,
  key: string,
  draw: Chance,
  happens: (days: number) => boolean,
): Intent[] {
  const { id, planId, status, unfinished, trial, endsWithPeriod, stopReason } = subscription
  if (unfinished?.status === 'provisioning_failed')
    return happens(2) ? [{ kind: draw.isWithin(0.8) ? 'retry_order' : 'give_up_order', orderId: unfinished.id }] : []
  if (unfinished) return []
  if (status.endsWith('_failed')) return happens(2) ? [{ kind: 'retry', id }] : []
  const isOffice = planId === reseller.office.planId
  const renew = (): Intent => ({
    kind: 'renew',
    key: `${key}-renew`,
    id,
    planId,
    periodId: isOffice ? draw.pick(reseller.office.periods) : subscription.periodId,
  })
  if (status === 'stopped') {
    if (stopReason === 'administrative') return happens(5) ? [{ kind: 'resume', id }] : []
    if (stopReason === 'credit_hold' || stopReason === 'unpaid') return []
    if (stopReason === 'cancelled' && happens(20)) return [{ kind: 'keep', id }]
    return planId !== reseller.metered.planId && happens(25) ? [renew()] : []
  }
  if (status !== 'active' && status !== 'graced') return []
  if (happens(700)) return [{ kind: 'stop', id }]
  if (planId === reseller.metered.planId) return happens(500) ? [{ kind: 'cancel', id }] : []
  if (endsWithPeriod) return happens(40) ? [{ kind: 'keep', id }] : []
  if (trial) return happens(15) ? [renew()] : []
  if (happens(300)) return [{ kind: draw.isWithin(0.7) ? 'cancel' : 'cancel_now', id }]
  if (isOffice && happens(250))
    return [
      {
        kind: 'switch',
        key: `${key}-switch`,
        id,
        planId: reseller.officePlus.planId,
        periodId: reseller.officePlus.periodId,
      },
    ]
  if (subscription.undoable && happens(120)) return [{ kind: 'undo', orderId: subscription.undoable }]
  if (happens(180)) return [renew()]
  if (isOffice && happens(70)) {
    const other = (resource: string, least: number, most: number): Record<string, bigint> =>
      draw.isWithin(0.7) ? { [resource]: BigInt(draw.between(least, most)) } : {}
    const quantities = { ...other(reseller.seats, 5, 60), ...other(reseller.storage, 1, 20) }
    return Object.keys(quantities).length > 0 ? [{ kind: 'change', key: `${key}-change`, id, quantities }] : []
  }
  return []
}

/** Who pays by the hour keeps some money there, more or less carefully; some others keep enough for a renewal. */
function topups(
  customer: Customer,
  { balanceMinor, subscriptions, status, payments: waiting }: Standing,
  key: string,
  draw: Chance,
  happens: (days: number) => boolean,
): Intent[] {
  if (waiting.some(({ purpose }) => purpose === 'top_up')) return []
  const isMetered = subscriptions.some(({ planId }) => planId === customer.reseller.metered.planId)
  const isLow = balanceMinor < money(customer, 25)
  if (balanceMinor < 0n && happens(9)) return [{ kind: 'top_up', key: `${key}-debt`, amountMinor: -balanceMinor }]
  const asks = isMetered
    ? isLow && happens(status === 'credit_hold' ? 3 : 4)
    : customer.pays === 'from_balance' && isLow && happens(10)
  return asks ? [{ kind: 'top_up', key: `${key}-topup`, amountMinor: money(customer, draw.between(5, 300)) }] : []
}

/** Somebody keeps a card there, or another one. */
function cards({ hasCard }: Customer, standing: Standing, draw: Chance, hours: number): Intent[] {
  const days = standing.hasCard ? 90 : 30
  return hasCard && draw.isWithin(Math.min(0.9, hours / (24 * days))) ? [{ kind: 'keep_card' }] : []
}

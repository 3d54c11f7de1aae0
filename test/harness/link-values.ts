import { type CheckedLink, checkLink, malformedProblem, type Problem } from '../../src/buylinks/rules.ts'
import type { Selection } from '../../src/buylinks/schema.ts'
import type { Plan } from '../../src/catalog/schema.ts'
import { NOBODY } from '../../src/discounts/rules.ts'
import { decimal } from '../../src/kernel/decimal.ts'
import { inspect } from '../../src/link/index.ts'
import { period, plan, product, resource, snapshot } from './catalog-values.ts'

/** A small catalogue with one plan of every kind that a link can get wrong, and links to it. */

export const ITEM = 'shopping_cart_items[]'
const APPLICATION = `${ITEM}[type]=application`

export const backup = plan({
  id: '425',
  name: 'Backup',
  periods: [
    period('1840', { recurringFeeMinor: 4900n }),
    period('1842', { trial: true, duration: { value: 14, unit: 'days' } }),
    period('1843', { isPublic: false }),
  ],
  resources: [
    resource('9001', { name: 'Storage', included: 5n, minimum: 5n, limit: 100n, recurringFeeMinor: 400n }),
    resource('9002', { name: 'Seats', recurringFeeMinor: 250n }),
    resource('9003', { isPublic: false }),
  ],
})
export const payAsYouGo = plan({
  id: '569',
  productId: '2',
  name: 'On demand',
  billingType: 'pay_as_you_go_internal',
  minimumTopupMinor: 5000n,
  periods: [period('2072', { duration: null })],
  resources: [resource('9021', { included: 9n, limit: 9n, unitPrice: decimal('0.004') })],
})
export const shop = snapshot(
  [
    backup,
    payAsYouGo,
    plan({ id: '3', name: 'Old', status: 'retired', successorId: '4', periods: [period('30')] }),
    plan({ id: '4', name: 'Less old', status: 'retired', successorId: '425', periods: [period('40')] }),
    plan({ id: '5', name: 'Hidden', isPublic: false, periods: [period('50')] }),
    plan({ id: '6', name: 'Off', status: 'draft', successorId: '6', periods: [period('60')] }),
    plan({ id: '7', productId: '9', name: 'Unpublished', periods: [period('70')] }),
    plan({
      id: '8',
      name: 'Metered',
      billingType: 'pay_as_you_go_external',
      paymentModels: ['postpay'],
      periods: [period('80')],
    }),
    plan({
      ...payAsYouGo,
      id: '10',
      minimumTopupMinor: null,
      resources: [resource('11', { overuseFeeMinor: 1n })],
      periods: [period('100')],
    }),
  ],
  { products: [product('1'), product('2'), product('9', { published: false })] },
)

export function check(query: string, against = shop): CheckedLink {
  const read = inspect(`?${query}`)
  if ('error' in read)
    return {
      plan: undefined,
      period: undefined,
      quantities: {},
      topupMinor: null,
      errors: [malformedProblem(read)],
      warnings: [],
    }
  return checkLink(read, against)
}
export const order = (planId: string | null, periodId: string | null, more = ''): string =>
  [
    planId === null ? '' : `${ITEM}[plan_id]=${planId}`,
    periodId === null ? '' : `${ITEM}[plan_period_id]=${periodId}`,
    more,
    APPLICATION,
  ]
    .filter((part) => part !== '')
    .join('&')
export const preset = (id: string, quantity: string): string =>
  `${ITEM}[resources][][id]=${id}&${ITEM}[resources][][quantity]=${quantity}`
export const topup = (amount: string | null): string =>
  `${ITEM}[type]=topup${amount === null ? '' : `&${ITEM}[amount]=${amount}`}`
export const good = order('425', '1840')
export const metered = order('569', '2072')

export const told = (problems: readonly Problem[]) => problems.map(({ code, part }) => `${code} ${part}`)

export const BUYER = { ...NOBODY, country: null, customerType: 'business', vatId: '', paymentModel: 'prepay' } as const
export const selection = (of: Plan, planPeriodId: string, rest: Partial<Selection> = {}): Selection => ({
  planId: of.id,
  planPeriodId,
  quantities: {},
  topupMinor: null,
  attributes: {},
  skipAllSteps: false,
  orderType: null,
  ga: null,
  ...rest,
})

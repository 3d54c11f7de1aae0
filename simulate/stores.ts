/** A reseller of the simulated year, with what a customer may order of it. Ids are the configuration file's own. */
export interface Reseller {
  readonly name: string
  /** Of the month, on which pay as you go is closed. */
  readonly billingDay: number
  readonly currency: string
  /** Digits of its minor unit. */
  readonly digits: number
  readonly countries: readonly [string, ...string[]]
  readonly host: string
  readonly office: { readonly planId: string; readonly periods: readonly [string, ...string[]]; readonly trial: string }
  readonly officePlus: { readonly planId: string; readonly periodId: string }
  readonly metered: { readonly planId: string; readonly periodId: string }
  /** Resource ids of `office`. */
  readonly seats: string
  readonly storage: string
  /** Its configuration (docs/configuration.md), as JSON, which is YAML. */
  readonly file: string
}

interface Terms {
  readonly payment_model: 'prepay' | 'postpay'
  readonly hold_threshold: string
  readonly subzero_period_days: string
  readonly cancel_unpaid_after_days: string
  readonly grace_days: string
  readonly billing_day: string
}

/** Days after the due date, and what is done then. */
type Dunning = readonly (readonly [number, 'charge' | 'remind' | 'stop'])[]

/** Promo codes of every reseller. */
export const CODES = ['TRY-US', 'FRIENDS'] as const

/** Three currencies, of two digits and of none; who may go below zero and for how long; before and after use. */
export const RESELLERS: readonly [Reseller, ...Reseller[]] = [
  reseller(
    1,
    'Meridian',
    'USD',
    2,
    ['US', 'CA'],
    1,
    [['US', '*', 'Sales tax', '7.25']],
    {
      payment_model: 'prepay',
      hold_threshold: '0.00',
      subzero_period_days: '0',
      cancel_unpaid_after_days: '7',
      grace_days: '7',
      billing_day: '1',
    },
    [
      [0, 'charge'],
      [3, 'charge'],
      [6, 'charge'],
      [14, 'remind'],
    ],
  ),
  reseller(
    2,
    'Kontor',
    'EUR',
    2,
    ['DE', 'FR', 'AT', 'CH'],
    0.93,
    [
      ['DE', '*', 'USt', '19'],
      ['FR', 'person', 'TVA', '20'],
      ['FR', 'business', 'TVA', '5.5'],
      ['AT', '*', 'USt', '20'],
    ],
    {
      payment_model: 'prepay',
      hold_threshold: '-20.00',
      subzero_period_days: '5',
      cancel_unpaid_after_days: '10',
      grace_days: '20',
      billing_day: '15',
    },
    [
      [0, 'charge'],
      [4, 'charge'],
      [7, 'remind'],
      [9, 'stop'],
      [12, 'charge'],
    ],
  ),
  reseller(
    3,
    'Sakura',
    'JPY',
    0,
    ['JP'],
    151,
    [['*', '*', 'Consumption tax', '10']],
    {
      payment_model: 'postpay',
      hold_threshold: '-90000',
      subzero_period_days: '-1',
      cancel_unpaid_after_days: '14',
      grace_days: '10',
      billing_day: '28',
    },
    [
      [1, 'remind'],
      [4, 'charge'],
      [8, 'charge'],
      [11, 'stop'],
      [20, 'charge'],
    ],
  ),
]

function reseller(
  position: number,
  name: string,
  currency: string,
  digits: number,
  countries: readonly [string, ...string[]],
  rate: number,
  taxes: readonly (readonly [string, string, string, string])[],
  accountClass: Terms,
  dunning: Dunning,
): Reseller {
  const id = (number: number): string => String(position * 1000 + number)
  const price = (usd: number): string => (usd * rate).toFixed(digits)
  const unitPrice = (usd: number): string => (usd * rate).toFixed(6)
  const host = `${name.toLowerCase()}.example`
  const quota = (usage_name: string, per_unit: string) => ({ usage_name, per_unit })
  const GB = '1073741824'
  const seats = (number: number, included: string) => ({
    id: id(number),
    name: 'Seats',
    unit: 'seat',
    included,
    limit: '200',
    setup_fee: price(1.05),
    recurring_fee: price(3.49),
    quota: quota('workstations', '1'),
  })
  const storage = (number: number, included: string) => ({
    id: id(number),
    name: 'Storage',
    unit: '100 GB',
    included,
    limit: '80',
    recurring_fee: price(3.99),
    renewal_fee: price(0.11),
    quota: quota('storage', '107374182400'),
  })
  const metered = (number: number, usageName: string, included: string, usd: number, per_unit = '1') => ({
    id: id(number),
    name: usageName,
    unit: per_unit === '1' ? 'piece' : 'GB',
    included,
    limit: included,
    unit_price: unitPrice(usd),
    quota: quota(usageName, per_unit),
  })
  const file = {
    reseller: { name, currency, language: 'en' },
    account_class: { name: 'Standard', ...accountClass },
    dunning: dunning.map(([day, action]) => ({ day: String(day), action })),
    stores: [
      {
        name,
        status: 'active',
        domains: [`https://${host}`],
        default_language: 'en',
        bank_details: `${name}, account 1`,
      },
    ],
    // Limits for an account alone: who comes first among several depends on how the work is cut up.
    discounts: [
      { name: 'Opening', percent: '12.5', fees: ['setup', 'recurring'], plan_period_ids: [id(22)], periods: '1' },
      {
        name: 'Try us',
        needs_code: true,
        percent: '33.33',
        periods: '3',
        plan_ids: [id(11)],
        codes: [{ code: CODES[0], max_uses_per_account: '1' }],
      },
      { name: 'Friends', needs_code: true, amount: price(4.2), periods: 'every', codes: [{ code: CODES[1] }] },
    ],
    taxes: taxes.map(([country, customer_type, tax, percent]) => ({ country, customer_type, name: tax, percent })),
    products: [
      {
        id: id(1),
        name: 'Office',
        slug: `office-${position}`,
        plans: [
          {
            id: id(11),
            name: 'Office',
            status: 'active',
            payment_models: ['prepay', 'postpay'],
            switchable_plan_ids: [id(12)],
            periods: [
              { id: id(21), duration: '1 month', setup_fee: price(5), recurring_fee: price(19.99) },
              { id: id(22), duration: '1 year', recurring_fee: price(17.49), renewal_fee: price(2.5) },
              { id: id(23), duration: '30 days', recurring_fee: price(21.35) },
              { id: id(24), duration: '14 days', trial: true },
            ],
            resources: [seats(31, '5'), storage(32, '1')],
          },
          {
            id: id(12),
            name: 'Office Plus',
            status: 'active',
            payment_models: ['prepay', 'postpay'],
            periods: [{ id: id(25), duration: '1 month', recurring_fee: price(59.9) }],
            resources: [seats(33, '20'), storage(34, '5')],
          },
        ],
      },
      {
        id: id(2),
        name: 'Office by the hour',
        slug: `by-the-hour-${position}`,
        plans: [
          {
            id: id(13),
            name: 'Office by the hour',
            status: 'active',
            billing_type: 'pay_as_you_go_internal',
            payment_models: ['prepay', 'postpay'],
            periods: [{ id: id(26), duration: 'endless' }],
            resources: [
              metered(35, 'storage', '1000', 0.00006, GB),
              metered(36, 'workstations', '100', 0.0041),
              metered(37, 'servers', '20', 0.0153),
            ],
          },
        ],
      },
    ],
  }
  return {
    name,
    billingDay: Number(accountClass.billing_day),
    currency,
    digits,
    countries,
    host,
    office: { planId: id(11), periods: [id(21), id(22), id(23)], trial: id(24) },
    officePlus: { planId: id(12), periodId: id(25) },
    metered: { planId: id(13), periodId: id(26) },
    seats: id(31),
    storage: id(32),
    file: JSON.stringify(file),
  }
}

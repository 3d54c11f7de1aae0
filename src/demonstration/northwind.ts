import type { NewPlan, NewProduct } from '../catalog/index.ts'
import type { PlanResource } from '../catalog/schema.ts'
import { decimal } from '../kernel/decimal.ts'

/** The demonstration store of spec/api.md: also the fixture of the documentation's examples and of the tests. */

const GB = 1_073_741_824n

export const SELLER = 'Northwind Cloud'
export const CUSTOMER = 'Contoso Dental'
export const DOCUMENTS_HOST = 'test.activeplatform.com'
export const MANAGER_KEY = 'carter81'
/** Of every demonstration sign-in: nothing outside this machine can reach them. */
export const PASSWORD = 'demonstration'

export const SIGN_INS = {
  operator: 'operator@buylink.example',
  reseller: 'anna@northwind.example',
  sales: 'carter@northwind.example',
  /** Administrator and buyer. */
  customer: 'dana@contoso.example',
  /** Buyer, no administrator. */
  buyer: 'ben@contoso.example',
  /** Administrator, no buyer. */
  administrator: 'alex@contoso.example',
} as const

export const PRODUCTS: readonly NewProduct[] = [
  {
    id: '1',
    name: 'Backup',
    slug: 'backup',
    summary: 'Every computer, server and phone of your company, saved each night and back within minutes.',
    description:
      'One plan for everything that holds your data. Workstations, servers, virtual machines and phones are backed up ' +
      'to our data centres, encrypted with a key that only you have. Restore a single file or a whole machine, yourself, at any hour.',
  },
  {
    id: '2',
    name: 'Backup on demand',
    slug: 'backup-on-demand',
    summary: 'The same backup, paid by the hour: add machines when you need them and pay for what you use.',
    description:
      'No monthly fee and no minimum term. Top up your balance, protect as many machines as you like within generous quotas, ' +
      'and pay by the hour for storage and machines in use.',
  },
]

const UNITS = [
  { name: 'Storage', unit: '100 GB', usageName: 'storage', perUnit: 100n * GB, limit: 100n, fee: 400n },
  { name: 'Workstations', unit: 'workstation', usageName: 'workstations', perUnit: 1n, limit: 500n, fee: 250n },
  { name: 'Servers', unit: 'server', usageName: 'servers', perUnit: 1n, limit: 50n, fee: 900n },
  { name: 'Virtual machines', unit: 'virtual machine', usageName: 'vms', perUnit: 1n, limit: 100n, fee: 500n },
  { name: 'Mobile devices', unit: 'mobile device', usageName: 'mobiles', perUnit: 1n, limit: 500n, fee: 50n },
] as const

/** The five metrics, sold by the month from what is included. */
const monthly = (firstId: number, included: readonly bigint[]): Partial<PlanResource>[] =>
  UNITS.map(({ name, unit, usageName, perUnit, limit, fee }, index) => ({
    id: String(firstId + index),
    name,
    unit,
    included: included[index] ?? 0n,
    minimum: included[index] ?? 0n,
    limit,
    recurringFeeMinor: fee,
    quota: { usageName, perUnit },
  }))

/** The five metrics by the hour, their quotas fixed at ordering. */
const hourly = (firstId: number, quotas: readonly bigint[], prices: readonly string[]): Partial<PlanResource>[] =>
  UNITS.map(({ name, unit, usageName }, index) => ({
    id: String(firstId + index),
    name,
    unit: usageName === 'storage' ? 'GB' : unit,
    included: quotas[index] ?? 0n,
    minimum: quotas[index] ?? 0n,
    limit: quotas[index] ?? 0n,
    unitPrice: decimal(prices[index] ?? '0'),
    quota: { usageName, perUnit: usageName === 'storage' ? GB : 1n },
  }))

export const PLANS: readonly NewPlan[] = [
  {
    id: '425',
    productId: '1',
    name: 'Backup Business',
    summary: 'For offices of five to fifty people.',
    billingType: 'pay_in_full',
    switchablePlanIds: ['426'],
    periods: [
      { id: '1840', duration: { value: 1, unit: 'months' }, recurringFeeMinor: 4900n },
      { id: '1841', duration: { value: 1, unit: 'years' }, recurringFeeMinor: 4500n },
      { id: '1842', duration: { value: 14, unit: 'days' }, trial: true },
    ],
    resources: monthly(9001, [5n, 10n, 1n, 2n, 0n]) as NonNullable<NewPlan['resources']>,
  },
  {
    id: '426',
    productId: '1',
    name: 'Backup Enterprise',
    summary: 'For companies with servers of their own.',
    billingType: 'pay_in_full',
    periods: [{ id: '1850', duration: { value: 1, unit: 'months' }, recurringFeeMinor: 14900n }],
    resources: monthly(9011, [20n, 50n, 5n, 10n, 50n]) as NonNullable<NewPlan['resources']>,
  },
  {
    id: '569',
    productId: '2',
    name: 'Backup Pay as you go',
    summary: 'By the hour, from a prepaid balance.',
    billingType: 'pay_as_you_go_internal',
    periods: [{ id: '2072', duration: null }],
    resources: hourly(
      9021,
      [1000n, 100n, 20n, 50n, 100n],
      ['0.00006', '0.004', '0.015', '0.008', '0.001'],
    ) as NonNullable<NewPlan['resources']>,
  },
]

/** What Contoso uses at the end of its 60 days of history: storage almost reached, workstations exceeded. */
export const USAGE: Readonly<Record<string, bigint>> = {
  storage: 430n * GB,
  workstations: 12n,
  servers: 1n,
  vms: 1n,
  mobiles: 0n,
}

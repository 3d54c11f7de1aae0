import { z } from 'zod'
import { ManagerRole } from '../attribution/schema.ts'
import {
  CATEGORY_SHAPE,
  ExchangeRate,
  FixedPrices,
  planShape,
  PRODUCT_SHAPE,
  Percent,
  TaxRateShape,
} from '../catalog/index.ts'
import type { Duration } from '../catalog/schema.ts'
import { DunningAction } from '../dunning/schema.ts'
import { isCurrency } from '../kernel/money.ts'
import { NumericId } from '../platform/http/schemas.ts'
import { DISCOUNT_IN_FILE } from './discounts.ts'
import { INVOICES_IN_FILE } from './invoice-settings.ts'
import { PAGE_SHAPE, STORE_SHAPE } from '../stores/index.ts'

/** `1 month`, `14 days`, `2 years`, `endless`. */
export const Length = z.codec(
  z
    .string()
    .regex(/^(endless|[1-9]\d{0,3} (day|month|year)s?)$/, 'Use a length such as 1 month, 14 days, 1 year or endless'),
  z.custom<Duration | null>(),
  { decode: readLength, encode: writeLength },
)

function readLength(text: string): Duration | null {
  const [, value, unit] = /^(\d+) (day|month|year)/.exec(text) ?? []
  return value === undefined ? null : { value: Number(value), unit: `${unit}s` as Duration['unit'] }
}

export function writeLength(duration: Duration | null): string {
  if (duration === null) return 'endless'
  return `${duration.value} ${duration.value === 1 ? duration.unit.slice(0, -1) : duration.unit}`
}

/** A decimal in the reseller's currency, read once that is known. */
const Decimal = z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'Use an amount such as 49.00')
const Count = z
  .string()
  .regex(/^-?\d{1,6}$/, 'Use a whole number')
  .transform(Number)
const Days = Count.refine((days) => days >= 0, 'Use a number of days')

const { productId: _product, ...PLAN } = planShape(Decimal, Length)
const { categoryId: _category, ...PRODUCT } = PRODUCT_SHAPE
const { position: _position, ...CATEGORY } = CATEGORY_SHAPE

/** One reseller, as a file: what it sells, at which prices, where, by whom. Every number is text, as it was written. */
export const Configuration = z.object({
  reseller: z.object({
    name: z.string().trim().min(1).max(200),
    currency: z.string().refine(isCurrency, 'Use an ISO 4217 code such as EUR'),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, 'Use a language tag such as en')
      .optional(),
    /** Name of the reseller it stands below, where that is not who applies the file. */
    below: z.string().optional(),
  }),
  accountClass: z
    .object({
      name: z.string().trim().min(1).max(100).optional(),
      paymentModel: z.enum(['prepay', 'postpay']).optional(),
      holdThreshold: z
        .string()
        .regex(/^-?\d{1,15}(\.\d{1,4})?$/, 'Use an amount such as 0.00')
        .optional(),
      subzeroPeriodDays: Count.refine(
        (days) => days >= -1,
        'Use -1 (for ever), 0 (not at all) or a number of days',
      ).optional(),
      stopType: z.enum(['automatic', 'manual']).optional(),
      cancelUnpaidAfterDays: Count.refine((days) => days >= 1, 'Use one day or more').optional(),
      autoRenewDays: Days.optional(),
      manualRenewDays: Count.refine((days) => days >= -1, 'Use -1 (always), 0 (never) or a number of days').optional(),
      graceDays: Days.optional(),
      deletionDays: Days.optional(),
      billingDay: Count.refine((day) => day >= 1 && day <= 28, 'Use a day of the month from 1 to 28').optional(),
    })
    .optional(),
  /** How what is due is asked for: days after the due date, and what is done then. */
  dunning: z
    .array(z.object({ day: Count, action: DunningAction }))
    .max(50)
    .optional(),
  brand: z.record(z.string(), z.union([z.string().max(2000), z.boolean()]).nullable()).optional(),
  stores: z
    .array(z.object({ ...STORE_SHAPE, pages: z.array(z.object(PAGE_SHAPE)).optional() }))
    .max(50)
    .optional(),
  taxes: z.array(TaxRateShape).max(500).optional(),
  invoices: INVOICES_IN_FILE.optional(),
  discounts: z.array(DISCOUNT_IN_FILE).max(500).optional(),
  /** Of the reseller itself and all below it: soft, alerts and no more (facts of API v2). Bytes for storage. */
  quotas: z
    .array(
      z.object({
        usageName: z.string().regex(/^[a-z0-9_]{1,64}$/, 'Use the name of a usage, such as storage'),
        value: z.string().regex(/^(unlimited|\d{1,18})$/, 'Use a whole number, or unlimited'),
      }),
    )
    .max(200)
    .optional(),
  managers: z
    .array(
      z.object({
        key: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'A key has 1 to 64 of the characters A-Z a-z 0-9 _ . -'),
        name: z.string().trim().min(1).max(200),
        email: z.string().max(254).optional(),
        role: ManagerRole.optional(),
        active: z.boolean().optional(),
        partner: z.boolean().optional(),
      }),
    )
    .max(2000)
    .optional(),
  categories: z
    .array(z.object({ id: NumericId.optional(), ...CATEGORY }))
    .max(500)
    .optional(),
  products: z
    .array(
      z.object({
        id: NumericId.optional(),
        ...PRODUCT,
        /** Slug or name of one of the categories. */
        category: z.string().nullable().optional(),
        plans: z
          .array(z.object({ id: NumericId.optional(), ...PLAN }))
          .max(200)
          .optional(),
      }),
    )
    .max(500)
    .optional(),
  /** Plans of those above that it sells on. */
  resale: z
    .array(
      z.object({
        planId: NumericId,
        active: z.boolean().optional(),
        markupPercent: Percent.optional(),
        exchangeRate: ExchangeRate.optional(),
        fixedPrices: FixedPrices.optional(),
      }),
    )
    .max(1000)
    .optional(),
})
export type Configuration = z.output<typeof Configuration>

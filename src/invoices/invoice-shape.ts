import { sql } from 'kysely'
import { z } from 'zod'
import { byNumber, byText, byTime, sortInput, listing } from '../platform/http/list.ts'
import { Amount, idOf, Instant, pageInput, pageOf, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { InvoiceKind, InvoiceSource } from './schema.ts'

const Named = z.object({ id: Uuid, number: z.string() })

export const InvoiceStatus = z.enum(['open', 'overdue', 'paid']).meta({
  description: 'Of an invoice; a credit note is `paid` from its first day: the money went back before it was issued',
})

export const InvoiceSummary = z.object({
  id: Uuid,
  kind: InvoiceKind,
  number: z.string().meta({ description: 'Without gaps in its series of its seller' }),
  source: InvoiceSource.meta({ description: 'What was charged or given back' }),
  status: InvoiceStatus,
  account: z.object({ id: Uuid, number: Whole, name: z.string() }),
  title: z.string(),
  order: Named.nullable(),
  subscriptionId: Uuid.nullable(),
  corrects: Named.nullable().meta({ description: 'Of a credit note: the invoice it corrects' }),
  period: z
    .object({ starts: z.iso.date(), ends: z.iso.date() })
    .nullable()
    .meta({ description: 'Of usage: first day, and the day after the last one' }),
  net: Amount,
  tax: Amount,
  total: Amount.meta({ description: 'Positive in both kinds' }),
  paid: Amount,
  issuedAt: Instant,
  dueAt: Instant,
  paidAt: Instant.nullable(),
})
export type InvoiceSummary = z.output<typeof InvoiceSummary>

export const InvoiceView = InvoiceSummary.extend({
  lines: z.array(
    z.object({
      kind: z.string().meta({ description: 'As of order lines; `usage`, `return`, `refund`, `surplus` beside them' }),
      description: z.string(),
      quantity: z.string().meta({ description: 'A decimal; of usage units × hours' }),
      months: z.string().nullable(),
      unitPrice: z
        .string()
        .nullable()
        .meta({ description: 'A decimal in the currency; null where there were several' }),
      taxRatePercent: z.string(),
      net: Amount,
      tax: Amount,
    }),
  ),
  taxes: z
    .array(z.object({ ratePercent: z.string(), net: Amount, tax: Amount }))
    .meta({ description: 'The lines summed by rate' }),
  taxName: z.string(),
  taxNote: z.string().meta({ description: 'Why no tax is charged, as the law wants it stated' }),
  seller: z.object({
    name: z.string(),
    address: z.string(),
    country: z.string().nullable(),
    vatId: z.string(),
    registration: z.string(),
    email: z.string(),
    footer: z.string(),
    bankDetails: z.string(),
  }),
  buyer: z.object({
    number: z.string(),
    name: z.string(),
    companyName: z.string(),
    customerType: z.enum(['business', 'person']),
    vatId: z.string(),
    country: z.string().nullable(),
    region: z.string(),
    city: z.string(),
    street: z.string(),
    zip: z.string(),
  }),
  paymentId: Uuid.nullable(),
  corrections: z.array(Named).meta({ description: 'Of an invoice: the credit notes that correct it' }),
})
export type InvoiceView = z.output<typeof InvoiceView>

const Day = z.iso.date().transform((day) => new Date(`${day}T00:00:00Z`))

export const invoiceFilter = {
  kind: InvoiceKind.optional(),
  status: InvoiceStatus.optional(),
  accountId: Uuid.optional(),
  subscriptionId: Uuid.optional(),
  orderId: Uuid.optional(),
  query: z.string().trim().max(100).optional().meta({ description: 'Part of a number, or of a customer’s name' }),
  from: Day.optional().meta({ description: 'First UTC day of issue' }),
  until: Day.optional().meta({ description: 'Last UTC day of issue' }),
}
export const InvoiceFilter = z.object(invoiceFilter)
export type InvoiceFilter = z.output<typeof InvoiceFilter>
export const INVOICE_LISTING = listing('newest', {
  issued_at: byTime('issuedAt'),
  number: byText('number'),
  customer: byText('accountName'),
  due_at: byTime('dueAt'),
  total: byNumber(sql`case when x.kind = 'credit_note' then -x."totalMinor" else x."totalMinor" end`),
})
export const InvoiceQuery = z.object({ ...pageInput, ...sortInput(INVOICE_LISTING), ...invoiceFilter })
export const InvoiceList = pageOf(InvoiceSummary)
export const InvoiceKey = z.object({ invoiceId: idOf<string>() })

const text = (most: number) => z.string().trim().max(most)
const Series = z
  .string()
  .regex(/^[A-Za-z0-9./-]*(\{year\})?[A-Za-z0-9./-]*$/, 'Letters, digits, . / - and once {year}')
  .min(1)
  .max(20)

export const SettingsInput = z.object({
  name: text(200).meta({ description: 'Empty: the reseller’s' }),
  address: text(500).meta({ description: 'Lines as on an envelope' }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  vatId: text(50),
  registration: text(200).meta({ description: 'Trade register or what else must be stated' }),
  email: text(200),
  footer: text(500),
  invoiceSeries: Series.meta({ description: 'In front of the number; another text starts at 1 again' }),
  creditNoteSeries: Series,
  paymentDays: z.int().min(0).max(365).meta({ description: 'Until what is owed is due' }),
})
export const SettingsView = SettingsInput.extend({ sellerId: Uuid, version: Version.nullable() })

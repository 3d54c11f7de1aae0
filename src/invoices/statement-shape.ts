import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'
import { Amount, idOf, Instant, Uuid } from '../platform/http/schemas.ts'

const Named = z.object({ id: Uuid, number: z.string() })
const Day = z.iso.date().transform((day) => new Date(`${day}T00:00:00Z`))

export const StatementQuery = z.object({
  accountId: idOf<TenantId>(),
  from: Day.optional().meta({ description: 'First UTC day; by default the first of this month' }),
  until: Day.optional().meta({ description: 'Last UTC day; by default today' }),
})
export type StatementQuery = z.output<typeof StatementQuery>

export const StatementLine = z.object({
  id: Uuid.meta({ description: 'Of the posting' }),
  at: Instant,
  kind: z.string().meta({ description: 'What happened: `receipt`, `order_booked`, `usage_charged`, …' }),
  amount: Amount.meta({ description: 'Positive: in the customer’s favour' }),
  balance: Amount.meta({ description: 'After it' }),
  title: z.string().meta({ description: 'Of what was ordered or used; empty where there is none' }),
  invoice: Named.nullable().meta({ description: 'The invoice or credit note that states it' }),
  order: Named.nullable(),
  payment: Named.nullable(),
})
export type StatementLine = z.output<typeof StatementLine>

export const AccountStatement = z.object({
  account: z.object({ id: Uuid, number: z.string(), name: z.string() }),
  currency: z.string(),
  from: z.iso.date(),
  until: z.iso.date(),
  opening: Amount.meta({ description: 'All that is the customer’s as the first day begins; negative: owed' }),
  closing: Amount.meta({ description: 'As the last day ends' }),
  parts: z
    .object({
      available: Amount.meta({ description: 'What may be spent' }),
      held: Amount.meta({ description: 'For usage that is not charged yet' }),
      unapplied: Amount.meta({ description: 'Received for what is not started yet' }),
    })
    .meta({ description: 'What the closing balance is made of' }),
  items: z.array(StatementLine),
})
export type AccountStatement = z.output<typeof AccountStatement>

import { z } from 'zod'
import { Amount, Instant, NumericId, Uuid, Whole } from '../platform/http/schemas.ts'

/** A quota may stand below nothing, where more was taken away by hand than is granted. */
const Quantity = z.codec(z.string().regex(/^-?\d{1,19}$/), z.bigint(), { decode: BigInt, encode: String })

const StepView = z.object({
  kind: z
    .enum(['change', 'addon', 'switch'])
    .meta({ description: 'More of what runs, an add-on plan beside it, or another plan in its place' }),
  subscription: z.object({ id: Uuid, name: z.string() }).nullable(),
  plan: z.object({ id: NumericId, name: z.string() }),
  planPeriodId: NumericId,
  duration: z.object({ value: z.int(), unit: z.enum(['days', 'months', 'years']) }).nullable(),
  resources: z
    .array(z.object({ id: NumericId, name: z.string(), unit: z.string(), before: Whole, after: Whole }))
    .meta({ description: 'Totals; what is not named stays, or is the plan’s minimum' }),
})

const Raise = z.object({ usageName: z.string(), from: Quantity, to: Quantity })

export const OfferView = z.object({
  position: z.int().meta({ description: 'What to place it by; 0 is the recommended one' }),
  steps: z.array(StepView).meta({ description: 'One order each' }),
  raises: z.array(Raise).meta({ description: 'Quotas of the customer, as they are and as they become' }),
  todayNet: Amount,
  todayTax: Amount,
  today: Amount.meta({ description: 'With tax' }),
  recurringBefore: Amount.meta({ description: 'Net a month, of what it changes' }),
  recurringAfter: Amount.meta({ description: 'Net a month, of what it changes and adds' }),
  coversDays: z.int().nullable().meta({
    description: 'Until the next shortage by the trend; null: use does not grow, or there is too little history',
  }),
})
export type OfferView = z.output<typeof OfferView>

export const AnswerView = z.object({
  kind: z.enum(['solved', 'reassign', 'contact', 'offers']).meta({
    description:
      '`solved`: nothing is short any more. `reassign`: only the user’s own quota ran out, and the customer has room. ' +
      '`contact`: nothing that is sold ends it. `offers`: the first is recommended.',
  }),
  horizonDays: z.int().meta({ description: 'How long the offers last at least; may be less than was asked for' }),
  reason: z
    .object({ key: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable()
    .meta({ description: 'Why the first is recommended: a message and what fills it' }),
  items: z
    .array(
      z.object({
        usageName: z.string(),
        measure: z.enum(['bytes', 'count']),
        of: z.enum(['customer', 'user']),
        used: Whole,
        value: Quantity.nullable(),
      }),
    )
    .meta({ description: 'What is short now' }),
  reassign: z
    .array(z.object({ usageName: z.string(), from: Quantity, to: Quantity }))
    .meta({ description: 'Quotas of the user that an administrator can raise without buying' }),
  offers: z.array(OfferView),
  isOrderUnderWay: z.boolean().meta({ description: 'Of `contact`: an order of a subscription is not finished yet' }),
  solvedAt: Instant.nullable().meta({ description: 'Of `solved`: when the last alert ended' }),
})
export type AnswerView = z.output<typeof AnswerView>

const OfferOrder = z.object({
  id: Uuid,
  number: z.string(),
  status: z.enum(['waiting_for_payment', 'provisioning', 'provisioning_failed', 'completed', 'cancelled']),
  total: Amount,
  payment: z.object({ id: Uuid, number: z.string(), status: z.string() }).nullable(),
})

/** An answer that was given, and what came of it. */
export const OffersView = z.object({
  id: Uuid,
  account: z.object({ id: Uuid, name: z.string() }),
  place: z.string(),
  answer: AnswerView,
  status: z.enum(['open', 'placing', 'placed']),
  chosen: z.int().nullable(),
  orders: z.array(OfferOrder),
  mayOrder: z.boolean().meta({ description: 'The caller may place it' }),
  returnUrl: z
    .string()
    .nullable()
    .meta({ description: 'Where to go back to: `redirect_url`, if its host is one of the reseller’s' }),
  correlationId: Uuid,
  createdAt: Instant,
  placedAt: Instant.nullable(),
  raisedAt: Instant.nullable().meta({ description: 'When all of its orders were done' }),
  askedAt: Instant.nullable().meta({ description: 'When the provider was asked' }),
  reply: z.string().meta({ description: 'What the provider answered' }),
  answeredAt: Instant.nullable(),
  reassignedAt: Instant.nullable().meta({ description: 'When `reassign` was done' }),
})
export type OffersView = z.output<typeof OffersView>

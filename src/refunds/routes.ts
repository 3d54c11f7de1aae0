import { z } from 'zod'
import { paidByCard } from '../cards/index.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId } from '../kernel/ids.ts'
import { findPaymentView } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, idOf, Uuid } from '../platform/http/schemas.ts'
import { lockInOrder, refundableOf, refundPayment } from './refund-payment.ts'
import { type Refund, RefundEffect, RefundMethod, RefundStatus } from './schema.ts'
import { refundsOf } from './store.ts'

const PaymentKey = z.object({ paymentId: idOf<PaymentId>() })

const RefundView = z.object({
  id: Uuid,
  number: z.string(),
  status: RefundStatus.meta({
    description:
      '`waiting` for the service to take it back, `sending` to the card; `to_balance`: it could not be sent and is on the balance',
  }),
  method: RefundMethod,
  effect: RefundEffect,
  amount: Amount,
  reason: z.string(),
  message: z.string(),
})

const viewOf = ({ amountMinor, currency, ...refund }: Refund): z.output<typeof RefundView> => ({
  id: refund.id,
  number: refund.number,
  status: refund.status,
  method: refund.method,
  effect: refund.effect,
  amount: { amountMinor, currency },
  reason: refund.reason,
  message: refund.message,
})

async function getPayment(db: Db, actor: Principal, id: PaymentId) {
  const payment = await findPaymentView(db, actor, id)
  if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
  return payment
}

export const refundRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/payments/:paymentId/refunds',
    scope: 'payments:read',
    summary: 'List what was given back of a payment, and what could be',
    input: PaymentKey,
    output: z.object({
      items: z.array(RefundView),
      refundable: Amount.meta({
        description: 'Of an order what is left of it as income, of a top-up what the balance has',
      }),
      methods: z.array(RefundMethod),
    }),
    handle: async ({ db, actor }, { paymentId }) => {
      const { sellerId, purpose, total } = await getPayment(db, actor, paymentId)
      const left = await transaction(db, async (tx) => refundableOf(tx, await lockInOrder(tx, sellerId, paymentId)))
      const cards = await paidByCard(db, sellerId, paymentId)
      const methods = RefundMethod.options.filter(
        (method) => (method !== 'balance' || purpose === 'order') && (method !== 'card' || cards.length > 0),
      )
      return {
        items: (await refundsOf(db, sellerId, paymentId)).map(viewOf),
        refundable: { amountMinor: left.totalMinor, currency: total.currency },
        methods,
      }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/payments/:paymentId/refunds',
    scope: 'payments:refund',
    summary: 'Give money of a payment back',
    description:
      'To the balance, to the card it was paid with, or by a bank transfer that you have made. Without `amount` all that can go back. ' +
      '`take_back` undoes a completed change of resources by an order that the service carries out, and gives back once that is done; ' +
      '`stop` stops the subscription at once; `none` leaves it as it is. A credit note is issued for what was income.',
    status: 201,
    input: PaymentKey.extend({
      amount: Amount.optional(),
      method: RefundMethod.default('balance'),
      effect: RefundEffect.default('none'),
      reason: z.string().trim().max(500).default(''),
    }),
    output: RefundView,
    handle: async ({ db, clock, actor, request }, { paymentId, amount, ...rest }) => {
      const { sellerId } = await getPayment(db, actor, paymentId)
      const expectedVersion = request.ifMatch
      return viewOf(await refundPayment(db, clock, actor, { ...rest, sellerId, paymentId, amount, expectedVersion }))
    },
  }),
]

import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { PaymentId, TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { withCsv } from '../platform/http/csv.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, idOf } from '../platform/http/schemas.ts'
import { approvePayment } from './approve-payment.ts'
import { cancelPayment } from './cancel-payment.ts'
import { payFromBalance } from './pay-from-balance.ts'
import { requestTopup } from './request-topup.ts'
import { findPaymentView, listPayments, PaymentList, PaymentQuery, PaymentView } from './payment-view.ts'
import { accountStatement, Statement, StatementQuery } from './statement-view.ts'
import type { PaymentMethod } from './schema.ts'
import { lockPayment } from './store.ts'

const PaymentKey = z.object({ paymentId: idOf<PaymentId>() })

/** @param methods How a payment can be paid in this installation. */
export const paymentRoutes = (methods: readonly PaymentMethod[]): AnyRoute[] => {
  async function getPayment(db: Db, actor: Principal, id: PaymentId) {
    const payment = await findPaymentView(db, actor, id, methods)
    if (!payment) throw new BuylinkError('not_found', 'There is no such payment.')
    return payment
  }

  return [
    ...withCsv(
      route({
        method: 'GET',
        path: '/api/v1/payments',
        scope: 'payments:read',
        summary: 'List payments, newest first',
        input: PaymentQuery,
        output: PaymentList,
        handle: ({ db, actor }, query) => listPayments(db, actor, query),
      }),
    ),
    route({
      method: 'GET',
      path: '/api/v1/payments/:paymentId',
      scope: 'payments:read',
      summary: 'Read a payment, what arrived for it and how to pay it',
      input: PaymentKey,
      output: PaymentView,
      handle: ({ db, actor }, { paymentId }) => getPayment(db, actor, paymentId),
    }),
    route({
      method: 'POST',
      path: '/api/v1/payments',
      scope: 'payments:write',
      summary: 'Ask for a top-up of an account’s balance',
      description:
        'The balance is credited once the money has arrived. A top-up waits until it is paid or cancelled; it does not expire.',
      status: 201,
      input: z.object({
        accountId: idOf<TenantId>(),
        amount: Amount,
        note: z.string().trim().max(200).default('').meta({ description: 'What the payer writes beside it' }),
      }),
      output: PaymentView,
      handle: async ({ db, clock, actor }, topup) => {
        const { paymentId } = await requestTopup(db, clock, actor, topup)
        return getPayment(db, actor, paymentId)
      },
    }),
    ...withCsv(
      route({
        method: 'GET',
        path: '/api/v1/accounts/:accountId/statement',
        scope: 'payments:read',
        summary: 'Read what changed an account’s balance, newest first',
        description: 'Each entry with the balance it left; beside them what may be spent now and what is held.',
        input: StatementQuery,
        output: Statement,
        handle: ({ db, actor }, query) => accountStatement(db, actor, query),
      }),
    ),
    route({
      method: 'POST',
      path: '/api/v1/payments/:paymentId/pay-from-balance',
      scope: 'payments:write',
      summary: 'Pay what is outstanding of an order out of the account’s balance',
      description: 'All of it or nothing: `balance_too_low` tells what there is. A top-up cannot be paid this way.',
      input: PaymentKey,
      output: PaymentView,
      handle: async ({ db, clock, actor }, { paymentId }) => {
        const { sellerId } = await getPayment(db, actor, paymentId)
        await payFromBalance(db, clock, actor, { sellerId, paymentId })
        return getPayment(db, actor, paymentId)
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/payments/:paymentId/approve',
      scope: 'payments:approve',
      summary: 'Record that money arrived by bank transfer',
      description:
        'Without `amount`, all that is outstanding. Less keeps the payment waiting; more is credited to the balance. ' +
        'The same `reference` twice is the same money. Completing it starts the order.',
      input: PaymentKey.extend({ amount: Amount.optional(), reference: z.string().trim().min(1).max(200).optional() }),
      output: PaymentView,
      handle: async ({ db, clock, actor, request }, { paymentId, amount, reference }) => {
        const { sellerId } = await getPayment(db, actor, paymentId)
        await approvePayment(db, clock, actor, {
          sellerId,
          paymentId,
          amount,
          reference,
          // Of the caller's own keys: two approvers may use the same one.
          requestKey: request.idempotencyKey && `${actor.kind}:${actor.id} ${request.idempotencyKey}`,
          expectedVersion: request.ifMatch,
        })
        return getPayment(db, actor, paymentId)
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/payments/:paymentId/cancel',
      scope: 'payments:write',
      summary: 'Cancel a payment that still waits, and with it the order it is for',
      description: 'What had arrived for it goes to the balance of the account.',
      input: PaymentKey,
      output: PaymentView,
      handle: async ({ db, clock, actor }, { paymentId }) => {
        const { sellerId, status } = await getPayment(db, actor, paymentId)
        const cancelled = await transaction(db, async (tx) => {
          const payment = await lockPayment(tx, sellerId, paymentId)
          return payment !== undefined && (await cancelPayment(tx, payment, actor, 'Cancelled by hand.', clock.now()))
        })
        if (!cancelled && status !== 'cancelled') throw new BuylinkError('conflict', 'This payment no longer waits.')
        return getPayment(db, actor, paymentId)
      },
    }),
  ]
}

import { z } from 'zod'
import { MANAGER_COOKIE } from '../attribution/rules.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { CheckoutId, CorrelationId, OrderId, SellerId, StoreId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import { build } from '../link/index.ts'
import { assertMaySpend } from '../payments/index.ts'
import type { Principal } from '../platform/actor.ts'
import { crashPoint } from '../platform/crash-points.ts'
import type { Db } from '../platform/db.ts'
import { withCsv } from '../platform/http/csv.ts'
import { type AnyRoute, type RequestFacts, route } from '../platform/http/route.ts'
import { Amount, Instant, idOf, NumericId, Uuid, Whole } from '../platform/http/schemas.ts'
import { cancelOrder } from './cancel-order.ts'
import { changeCheckout } from './change-checkout.ts'
import { findPayer } from './checkout-context-view.ts'
import { CheckoutView } from './checkout-shape.ts'
import { viewCheckout } from './checkout-view.ts'
import { createChange } from './create-change.ts'
import { createCheckout } from './create-checkout.ts'
import { discountUseRoute } from './discount-uses-view.ts'
import { findOrderView, listOrders, OrderList, OrderQuery, OrderView } from './order-view.ts'
import { type PlacingQueue, placeOrder } from './place-order.ts'
import { retryOrder } from './retry-order.ts'
import { SalesQuery, SalesView, viewSales } from './sales-view.ts'
import { undoChange } from './undo-change.ts'
import type { ViewDeps } from './view-deps.ts'

export interface OrderRouteDeps extends Pick<ViewDeps, 'catalog' | 'managers' | 'documentsOf' | 'quotasOf'> {
  readonly queue: PlacingQueue
  /** The store whose terms apply: the one the request came to, else the first of the account's seller. */
  readonly storeFor: (request: RequestFacts, sellerId: SellerId) => StoreId | undefined
}

const Resource = z.object({ id: NumericId, quantity: Whole })

/** A link as text, or its parts. */
const CheckoutInput = z.object({
  link: z.string().max(10_000).optional().meta({ description: 'A buy-link, or its query' }),
  application: z
    .object({ planId: NumericId, planPeriodId: NumericId, resources: z.array(Resource).max(100).default([]) })
    .optional(),
  topup: z
    .object({ amount: z.string().max(40) })
    .nullable()
    .optional(),
  managerKey: z.string().max(200).nullable().optional(),
  orderType: z.string().max(200).nullable().optional(),
  skipAllSteps: z.boolean().optional(),
  ga: z.string().max(500).nullable().optional(),
  promoCode: z.string().max(100).optional().meta({ description: 'Typed by the customer; no link carries one' }),
  accountId: idOf<TenantId>().optional().meta({ description: 'By default the account of the signed-in user' }),
  subscriptionId: idOf<SubscriptionId>().optional().meta({
    description: 'Changes this running subscription: with `resources`; or switches it to the plan of `application`',
  }),
  resources: z
    .array(Resource)
    .max(100)
    .optional()
    .meta({ description: 'Of a change: totals to be; what is not named stays' }),
  renewal: z
    .object({ planPeriodId: NumericId.optional() })
    .optional()
    .meta({ description: 'With `subscription_id`: renews it, by default for the same period again' }),
  correlationId: idOf<CorrelationId>()
    .optional()
    .meta({ description: 'Of what led here, say an alert: one timeline. By default a new one' }),
})

/** The answer to placing is the same for every repetition. */
const PlacedOrder = z.object({
  id: Uuid,
  number: z.string(),
  total: Amount,
  subscription: z.object({ id: Uuid, number: Whole }),
  payment: z.object({ id: Uuid, number: z.string(), purpose: z.enum(['order', 'top_up']), total: Amount }).nullable(),
  holdPayment: z
    .object({ id: Uuid, number: z.string(), total: Amount })
    .nullable()
    .meta({ description: 'To be paid first, where the account is on credit hold: it covers what is owed' }),
  createdAt: Instant,
})

const CheckoutKey = z.object({ checkoutId: idOf<CheckoutId>() })
const OrderKey = z.object({ orderId: idOf<OrderId>() })

function linkOf(input: z.output<typeof CheckoutInput>): string {
  if (input.link !== undefined) return input.link
  if (!input.application) {
    throw new BuylinkError('invalid_request', 'Say what to order: `link`, or `application`.', {
      problems: [
        {
          path: 'link',
          code: 'required',
          message: 'Give a buy-link, or an application with plan_id and plan_period_id.',
        },
      ],
    })
  }
  return build({
    base: '/client/new_order',
    application: {
      plan_id: input.application.planId,
      plan_period_id: input.application.planPeriodId,
      resources: input.application.resources.map(({ id, quantity }) => ({ id, quantity: quantity.toString() })),
    },
    topup: input.topup ?? null,
    manager_key: input.managerKey ?? null,
    order_type: input.orderType ?? null,
    skip_all_steps: input.skipAllSteps ?? false,
    ga: input.ga ?? null,
    other: {},
  })
}

/** A change says what the subscription is to have, or the plan it is to go to, and nothing of a new order. */
function changeOf({
  subscriptionId,
  resources = [],
  application,
  renewal,
  correlationId: _,
  ...rest
}: z.output<typeof CheckoutInput>) {
  const [stranger] = Object.entries(rest).find(([, value]) => value !== undefined) ?? []
  if (!stranger && renewal && !application && resources.length === 0) return { renewal, resources }
  if (!stranger && !renewal && application && resources.length === 0) {
    const { resources: quantities, ...target } = application
    return { target, resources: quantities }
  }
  if (!stranger && !renewal && !application && resources.length > 0) return { resources }
  throw new BuylinkError(
    'invalid_request',
    'Say what the subscription is to have, `resources`, where it is to go, `application`, or `renewal`; nothing else.',
    {
      problems: [
        stranger
          ? { path: stranger, code: 'unexpected', message: 'Leave this out of a change.' }
          : { path: 'resources', code: 'required', message: `List what subscription ${subscriptionId} is to have.` },
      ],
    },
  )
}

function storeOf(deps: OrderRouteDeps, request: RequestFacts, sellerId: SellerId): StoreId {
  const storeId = deps.storeFor(request, sellerId)
  if (!storeId) throw new BuylinkError('store_not_found', 'This reseller has no store to order from.')
  return storeId
}

async function getOrder(db: Db, actor: Principal, id: OrderId) {
  const order = await findOrderView(db, actor, id)
  if (!order) throw new BuylinkError('not_found', 'There is no such order.')
  return order
}

export const orderRoutes = (deps: OrderRouteDeps): readonly AnyRoute[] => [
  discountUseRoute,
  route({
    method: 'POST',
    path: '/api/v1/checkouts',
    scope: 'checkouts:write',
    summary: 'Make a draft order from a buy-link',
    description:
      'Kept 30 days, at the prices of each day. A link with problems answers with all of them. With `subscription_id` ' +
      'and `resources` the draft changes what runs: the rest of its period is charged by the day. With `subscription_id` ' +
      'and `application` it switches to that plan: a new period is charged, the unused days of the old one are credited.',
    input: CheckoutInput,
    output: CheckoutView,
    status: 201,
    handle: async ({ db, clock, actor, request }, input) => {
      if (input.subscriptionId) {
        const id = await createChange({ ...deps, db, clock }, actor, {
          subscriptionId: input.subscriptionId,
          ...changeOf(input),
          storeIdOf: (sellerId) => storeOf(deps, request, sellerId),
          idempotencyKey: request.idempotencyKey ?? null,
          correlationId: input.correlationId,
        })
        return viewCheckout({ ...deps, db, clock }, actor, id)
      }
      const accountId = input.accountId ?? actor.tenantId
      const payer = await findPayer(db, actor, accountId)
      if (!payer) throw new BuylinkError('not_found', 'There is no such account.')
      const storeId = storeOf(deps, request, payer.sellerId)
      const id = await createCheckout({ ...deps, db, clock }, actor, {
        accountId,
        storeId,
        link: linkOf(input),
        cookieKey: request.cookies[MANAGER_COOKIE] ?? null,
        promoCode: input.promoCode,
        idempotencyKey: request.idempotencyKey ?? null,
        correlationId: input.correlationId,
      })
      crashPoint('checkout.created')
      return viewCheckout({ ...deps, db, clock }, actor, id)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/checkouts/:checkoutId',
    scope: 'checkouts:read',
    summary: 'Read a draft order at today’s prices',
    input: CheckoutKey,
    output: CheckoutView,
    handle: ({ db, clock, actor }, { checkoutId }) => viewCheckout({ ...deps, db, clock }, actor, checkoutId),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/checkouts/:checkoutId',
    scope: 'checkouts:write',
    summary: 'Choose another period, other quantities, answer what the plan asks for, or enter a promo code',
    description: 'A code that takes nothing off is refused: 422 `promo_code_refused`, with the reason.',
    input: CheckoutKey.extend({
      planPeriodId: NumericId.optional(),
      resources: z.array(Resource).max(100).optional(),
      attributes: z.record(z.string(), z.string()).optional(),
      promoCode: z.string().max(100).nullable().optional().meta({ description: 'Null takes it away' }),
    }),
    output: CheckoutView,
    handle: async ({ db, clock, actor, request }, { checkoutId, ...change }) => {
      await changeCheckout({ ...deps, db, clock }, actor, checkoutId, { ...change, expectedVersion: request.ifMatch })
      return viewCheckout({ ...deps, db, clock }, actor, checkoutId)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/checkouts/:checkoutId/place',
    scope: 'checkouts:write',
    summary: 'Place a draft order',
    description:
      'Once per checkout: however often it is asked, there is one order and the same answer. `expected_total` is the ' +
      '`total` that was shown; another one answers 409 `price_changed` with `current_total`. A change that costs more a ' +
      'month asks for `accept_recurring`, else 409 `recurring_not_accepted` with `current_recurring`.',
    input: CheckoutKey.extend({
      expectedTotal: Amount,
      acceptTerms: z.boolean().default(false),
      allowSecond: z.boolean().default(false),
      acceptRecurring: Amount.optional().meta({
        description: 'Of a change: its `recurring` as shown, where `needs_consent` says so',
      }),
      payFromBalance: z.boolean().default(false).meta({ description: 'Of a change that the balance covers' }),
    }),
    output: PlacedOrder,
    async handle({ db, clock, actor }, input) {
      if (input.payFromBalance) assertMaySpend(actor)
      const termsUrlOf = (storeId: string) => deps.documentsOf(storeId).termsUrl
      return placeOrder({ ...deps, db, clock, termsUrlOf }, actor, input)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/sales-figures',
    scope: 'orders:read',
    tag: 'orders',
    summary: 'Count what was sold lately: accounts, orders begun, placed and completed, money received',
    description: 'Of your own reseller’s customers; a sales manager reads those attributed to them.',
    input: SalesQuery,
    output: SalesView,
    handle: ({ db, actor, clock }, query) => viewSales(db, actor, query, clock.now()),
  }),
  ...withCsv(
    route({
      method: 'GET',
      path: '/api/v1/orders',
      scope: 'orders:read',
      summary: 'List orders, newest first',
      input: OrderQuery,
      output: OrderList,
      handle: ({ db, actor }, query) => listOrders(db, actor, query),
    }),
  ),
  route({
    method: 'GET',
    path: '/api/v1/orders/:orderId',
    scope: 'orders:read',
    summary: 'Read an order with its lines and history',
    input: OrderKey,
    output: OrderView,
    handle: ({ db, actor }, { orderId }) => getOrder(db, actor, orderId),
  }),
  route({
    method: 'POST',
    path: '/api/v1/orders/:orderId/cancel',
    scope: 'orders:write',
    summary: 'Cancel an unpaid order with its payment; staff also one that could not be provisioned',
    input: OrderKey.extend({ reason: z.string().trim().max(500).default('Cancelled by hand.') }),
    output: OrderView,
    handle: async ({ db, clock, actor }, { orderId, reason }) => {
      const { sellerId } = await getOrder(db, actor, orderId)
      await cancelOrder(db, clock, actor, { sellerId, orderId, reason, byStaff: actor.scopes.has('orders:retry') })
      return getOrder(db, actor, orderId)
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/orders/:orderId/undo',
    scope: 'orders:retry',
    summary: 'Take back a completed change of resources, its money to the balance',
    input: OrderKey,
    output: OrderView,
    status: 201,
    description: 'By an order of its own that the service carries out; once. Answers with that order.',
    handle: async ({ db, clock, actor }, { orderId }) => {
      const { sellerId } = await getOrder(db, actor, orderId)
      return getOrder(db, actor, await undoChange(db, clock, actor, sellerId, orderId))
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/orders/:orderId/retry',
    scope: 'orders:retry',
    summary: 'Ask the service again to provision an order that failed',
    input: OrderKey,
    output: OrderView,
    handle: async ({ db, clock, actor }, { orderId }) => {
      const { sellerId } = await getOrder(db, actor, orderId)
      await retryOrder(db, clock, actor, sellerId, orderId)
      return getOrder(db, actor, orderId)
    },
  }),
]

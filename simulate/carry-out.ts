import { createAccount } from '../src/accounts/index.ts'
import { BuylinkError } from '../src/kernel/errors.ts'
import type { CheckoutId, SellerId, StoreId, TenantId } from '../src/kernel/ids.ts'
import { build } from '../src/link/index.ts'
import { cancelOrder, createChange, createCheckout, placeOrder, viewCheckout } from '../src/orders/index.ts'
import { approvePayment, payFromBalance, requestTopup } from '../src/payments/index.ts'
import type { Principal } from '../src/platform/actor.ts'
import { quotasOf } from '../src/quotas/index.ts'
import { systemActor } from '../src/tenants/index.ts'
import type { Customer } from './customers.ts'
import type { Running } from './installation.ts'
import type { Intent } from './intents.ts'
import { type Holder, keepCard, payByCard } from './carry-out-card.ts'
import { carryOutLife } from './carry-out-life.ts'
import type { Standing } from './standing.ts'

/** Where a reseller's customers order. */
export interface Shop {
  readonly sellerId: SellerId
  readonly storeId: StoreId
}

/**
 * What a customer was answered already while it asks for one thing: of two steps the first is not asked for again once
 * it is known how it went.
 */
export type Answers = Map<string, unknown>

/** Who wants something, and as what it is known at the shop. */
export interface Acting {
  readonly customer: Customer
  readonly shop: Shop
  readonly standing: Standing | undefined
}

/** How an intent ended: done, or refused with a code, which is an answer too. */
export type Outcome = 'done' | BuylinkError['code']

/** @throws What is no answer: then it is asked for again. */
export async function carryOut(running: Running, acting: Acting, intent: Intent, answers: Answers): Promise<Outcome> {
  try {
    await attempt(running, acting, intent, answers)
    return 'done'
  } catch (error) {
    if (error instanceof BuylinkError && !running.isOff()) return error.code
    throw error
  }
}

async function attempt(running: Running, acting: Acting, intent: Intent, answers: Answers): Promise<void> {
  const { parts, operator } = running
  const { db, clock } = parts
  const { shop, customer } = acting
  const { sellerId } = shop
  switch (intent.kind) {
    case 'join':
      await join(running, acting)
      return
    case 'order': {
      const account = await accountOf(running, acting)
      const checkoutId = await once(answers, 'checkout', () =>
        createCheckout(parts, account.actor, {
          accountId: account.id,
          storeId: shop.storeId,
          link: linkOf(customer, intent),
          cookieKey: null,
          idempotencyKey: intent.key,
          promoCode: intent.promoCode,
        }),
      )
      return place(running, account.actor, checkoutId, answers)
    }
    case 'change':
    case 'switch':
    case 'renew': {
      const { actor } = await accountOf(running, acting)
      const checkoutId = await once(answers, 'checkout', () =>
        createChange(parts, actor, {
          subscriptionId: intent.id,
          ...(intent.kind === 'switch' && { target: { planId: intent.planId, planPeriodId: intent.periodId } }),
          ...(intent.kind === 'renew' && { renewal: { planPeriodId: intent.periodId } }),
          resources:
            intent.kind === 'change'
              ? Object.entries(intent.quantities).map(([id, quantity]) => ({ id, quantity }))
              : [],
          storeIdOf: () => shop.storeId,
          idempotencyKey: intent.key,
        }),
      )
      return place(running, actor, checkoutId, answers)
    }
    case 'pay': {
      const amount = { amountMinor: intent.amountMinor, currency: customer.reseller.currency }
      return approvePayment(db, clock, operator, {
        sellerId,
        paymentId: intent.payment.id,
        amount,
        reference: intent.key,
      })
    }
    case 'pay_from_balance': {
      const { actor } = await accountOf(running, acting)
      return payFromBalance(db, clock, actor, { sellerId, paymentId: intent.payment.id })
    }
    case 'pay_by_card':
    case 'keep_card': {
      const { id, actor } = await accountOf(running, acting)
      const holder: Holder = { name: customer.name, sellerId, id, actor }
      const asked: Parameters<typeof keepCard>[2] = (question, ask) => once(answers, question, ask)
      return intent.kind === 'keep_card' ? keepCard(running, holder, asked) : payByCard(running, holder, intent, asked)
    }
    case 'top_up':
      return topUp(running, acting, intent)
    case 'cancel_order': {
      const { actor } = await accountOf(running, acting)
      const reason = 'No longer needed.'
      return cancelOrder(db, clock, actor, { sellerId, orderId: intent.orderId, reason, byStaff: false })
    }
    case 'undo':
    case 'cancel':
    case 'cancel_now':
    case 'keep':
    case 'stop':
    case 'resume':
    case 'retry':
    case 'retry_order':
    case 'give_up_order':
      return carryOutLife(running, sellerId, intent)
  }
}

async function once<Value>(answers: Answers, question: string, ask: () => Promise<Value>): Promise<Value> {
  if (!answers.has(question)) answers.set(question, await ask())
  return answers.get(question) as Value // Only `ask` of this question puts it there.
}

/** Looks at the price, agrees to it, and orders. */
async function place({ parts }: Running, actor: Principal, checkoutId: CheckoutId, answers: Answers): Promise<void> {
  const view = await once(answers, 'view', () => viewCheckout({ ...parts, quotasOf }, actor, checkoutId))
  await placeOrder({ ...parts, quotasOf, termsUrlOf: () => null }, actor, {
    checkoutId,
    expectedTotal: view.total,
    acceptTerms: true,
    allowSecond: true,
    ...(view.change?.recurring && { acceptRecurring: view.change.recurring }),
  })
}

const linkOf = ({ reseller }: Customer, intent: Extract<Intent, { kind: 'order' }>): string =>
  build({
    base: `https://${reseller.host}/external_dispatcher/settle`,
    application: {
      plan_id: intent.planId,
      plan_period_id: intent.periodId,
      resources: Object.entries(intent.quantities).map(([id, quantity]) => ({ id, quantity: String(quantity) })),
    },
    ...(intent.topupMinor !== null && {
      topup: { amount: String(intent.topupMinor / 10n ** BigInt(reseller.digits)) },
    }),
    skip_all_steps: true,
  })

/** Asks for it once: whoever is not sure looks among what waits. */
async function topUp(
  running: Running,
  acting: Acting,
  { key, amountMinor }: Extract<Intent, { kind: 'top_up' }>,
): Promise<void> {
  const { db, clock } = running.parts
  const { id, actor } = await accountOf(running, acting)
  const { rows } = await running.pool.query(
    'select from payments where seller_id = $1 and account_id = $2 and description = $3',
    [acting.shop.sellerId, id, key],
  )
  const amount = { amountMinor, currency: acting.customer.reseller.currency }
  if (rows.length === 0) await requestTopup(db, clock, actor, { accountId: id, amount, note: key })
}

async function join(running: Running, acting: Acting): Promise<void> {
  const { customer, shop } = acting
  if (await findAccount(running, acting)) return
  await createAccount(running.parts.db, running.parts.clock, running.operator, {
    parentId: shop.sellerId as string as TenantId,
    name: customer.name,
    registration: 'full',
    details: {
      customerType: customer.customerType,
      companyName: customer.name,
      country: customer.country,
      city: 'Springfield',
      street: '1 Main Street',
      zip: '01101',
    },
  })
}

interface Account {
  readonly id: TenantId
  readonly actor: Principal
}

const accountFrom = (
  { customer, shop }: Acting,
  { id, path }: { readonly id: TenantId; readonly path: string },
): Account => ({
  id,
  actor: systemActor(shop.sellerId, id, path, customer.name),
})

async function accountOf(running: Running, acting: Acting): Promise<Account> {
  const account = acting.standing ? accountFrom(acting, acting.standing) : await findAccount(running, acting)
  if (!account) throw new Error(`${acting.customer.name} has no account`)
  return account
}

async function findAccount({ pool }: Running, acting: Acting): Promise<Account | undefined> {
  const { rows } = await pool.query<{ id: TenantId; path: string }>(
    'select id, path::text from tenants where seller_id = $1 and name = $2',
    [acting.shop.sellerId, acting.customer.name],
  )
  return rows[0] && accountFrom(acting, rows[0])
}

import { z } from 'zod'
import { accountNames } from '../accounts/index.ts'
import { findDiscount, listCodes, listDiscounts } from '../discounts/index.ts'
import { type DiscountId, Fee, type OwnDiscount } from '../discounts/schema.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { Amount, Instant, idOf, NumericId, Uuid, Version, Whole } from '../platform/http/schemas.ts'
import { belowCostOf } from './discount-cost.ts'
import { sellerFor } from './delegate.ts'
import { findPriceList } from './own-catalog.ts'
import { Name } from './plan-input.ts'
import { Percent } from './price-shape.ts'
import { createCodes, saveCode } from './save-codes.ts'
import { type DiscountDraft, saveDiscount } from './save-discount.ts'
import { isVisibleSeller } from './visible-seller.ts'

const TAG = 'Discounts'
const Ids = z.array(NumericId).max(500)

/** An API has money with its currency, a configuration file plain text. */
export const discountShape = <Money extends z.ZodType, Count extends z.ZodType>(money: Money, count: Count) => ({
  name: Name.optional().meta({ description: 'What customers read on the order and the invoice' }),
  needsCode: z.boolean().optional().meta({ description: 'Taken off for a promo code only; else by itself' }),
  percent: Percent.nullable().optional().meta({ description: 'Either this, up to 100, or `amount`' }),
  amount: money.nullable().optional(),
  fees: z.array(Fee).min(1).optional().meta({ description: 'What it reduces; by default everything' }),
  periods: count.nullable().optional().meta({
    description: 'How many periods it is taken off, the first counted in: 1 by default; null: every renewal too',
  }),
  productIds: Ids.optional().meta({ description: 'Empty: all; likewise the next two' }),
  planIds: Ids.optional(),
  planPeriodIds: Ids.optional(),
  accountIds: z
    .array(idOf<TenantId>())
    .max(500)
    .optional()
    .meta({ description: 'Only for these payer accounts; empty: for everybody' }),
  ownedPlanIds: Ids.optional().meta({
    description: 'Only for who has a running subscription, no trial, of one of these plans; empty: for everybody',
  }),
  startsAt: Instant.nullable().optional(),
  endsAt: Instant.nullable().optional(),
  active: z.boolean().optional(),
})

const SHAPE = discountShape(Amount, z.int().min(1).max(1200))
type Input = z.output<z.ZodObject<typeof SHAPE>>

const DiscountView = z.object({
  id: Uuid,
  sellerId: Uuid,
  version: Version,
  name: z.string(),
  needsCode: z.boolean(),
  percent: Percent.nullable(),
  amount: Amount.nullable(),
  fees: z.array(Fee),
  periods: z.int().nullable(),
  productIds: z.array(NumericId),
  planIds: z.array(NumericId),
  planPeriodIds: z.array(NumericId),
  accountIds: z.array(Uuid),
  accounts: z.array(z.object({ id: Uuid, name: z.string() })).meta({ description: 'Those of `account_ids`, by name' }),
  ownedPlanIds: z.array(NumericId),
  startsAt: Instant.nullable(),
  endsAt: Instant.nullable(),
  active: z.boolean(),
  createdAt: Instant,
  belowCost: z.array(z.string()).meta({ description: 'What it would sell below your net cost, a sentence each' }),
})

const viewOf = (
  { off, ...discount }: OwnDiscount,
  currency: string,
  accounts: readonly { readonly id: string; readonly name: string }[],
  belowCost: string[] = [],
): z.output<typeof DiscountView> => ({
  ...discount,
  fees: [...discount.fees],
  productIds: [...discount.productIds],
  planIds: [...discount.planIds],
  planPeriodIds: [...discount.planPeriodIds],
  accountIds: [...discount.accountIds],
  accounts: accounts.filter(({ id }) => discount.accountIds.some((each) => each === id)),
  ownedPlanIds: [...discount.ownedPlanIds],
  percent: off.kind === 'percent' ? off.basisPoints : null,
  amount: off.kind === 'amount' ? { amountMinor: off.amountMinor, currency } : null,
  belowCost,
})

const CodeView = z.object({
  code: z.string(),
  maxUses: Whole.nullable(),
  maxUsesPerAccount: z.int().nullable(),
  uses: Whole.meta({ description: 'Orders that have it; a cancelled one gives its use back' }),
  active: z.boolean(),
  createdAt: Instant,
})

/** What is not said stays, or is as in a new one. @throws {BuylinkError} `unprocessable` with every problem. */
export function readDiscount(
  {
    percent,
    amount,
    ...input
  }: Omit<Input, 'amount'> & { readonly amount?: { amountMinor: bigint; currency: string } | null | undefined },
  former: OwnDiscount | undefined,
  currency: string,
): DiscountDraft {
  const problems = [
    ...(input.name === undefined && !former ? [{ path: 'name', code: 'required', message: 'Give it a name.' }] : []),
    ...(percent && amount
      ? [{ path: 'amount', code: 'unexpected', message: 'Give a percentage or an amount, not both.' }]
      : []),
    ...(!percent && !amount && !former
      ? [{ path: 'percent', code: 'required', message: 'Give a percentage or an amount of more than nothing.' }]
      : []),
    ...(percent && percent > 10_000
      ? [{ path: 'percent', code: 'invalid', message: 'At most 100 can come off.' }]
      : []),
    ...(percent === 0 && former ? [{ path: 'percent', code: 'invalid', message: 'Take off more than nothing.' }] : []),
    ...(amount && (amount.currency !== currency || amount.amountMinor <= 0n)
      ? [{ path: 'amount', code: 'invalid', message: `Use an amount of more than nothing in ${currency}.` }]
      : []),
  ]
  if (problems.length > 0) throw new BuylinkError('unprocessable', 'This discount cannot be saved.', { problems })
  const off = percent
    ? ({ kind: 'percent', basisPoints: percent } as const)
    : amount
      ? ({ kind: 'amount', amountMinor: amount.amountMinor } as const)
      : former?.off
  const base = former ?? NEW
  return {
    name: input.name ?? base.name,
    needsCode: input.needsCode ?? base.needsCode,
    off: off ?? NEW.off,
    fees: [...new Set(input.fees ?? base.fees)],
    periods: input.periods === undefined ? base.periods : input.periods,
    productIds: input.productIds ?? base.productIds,
    planIds: input.planIds ?? base.planIds,
    planPeriodIds: input.planPeriodIds ?? base.planPeriodIds,
    accountIds: [...new Set(input.accountIds ?? base.accountIds)],
    ownedPlanIds: input.ownedPlanIds ?? base.ownedPlanIds,
    startsAt: input.startsAt === undefined ? base.startsAt : input.startsAt,
    endsAt: input.endsAt === undefined ? base.endsAt : input.endsAt,
    active: input.active ?? base.active,
  }
}

const NEW: DiscountDraft = {
  name: '',
  needsCode: false,
  off: { kind: 'percent', basisPoints: 1 },
  fees: ['setup', 'recurring', 'renewal'],
  periods: 1,
  productIds: [],
  planIds: [],
  planPeriodIds: [],
  accountIds: [],
  ownedPlanIds: [],
  startsAt: null,
  endsAt: null,
  active: true,
}

async function getDiscount(db: Db, actor: Principal, id: DiscountId): Promise<OwnDiscount> {
  const discount = await findDiscount(db, id)
  if (!discount || !(await isVisibleSeller(db, actor, discount.sellerId)))
    throw new BuylinkError('not_found', 'There is no such discount.')
  return discount
}

const currencyAt = async (db: Db, sellerId: string): Promise<string> =>
  (await findPriceList(db, sellerId))?.currency ?? 'USD'

/** One discount, with what it would sell below net cost. */
async function withLosses(db: Db, discount: OwnDiscount): Promise<z.output<typeof DiscountView>> {
  const { problems } = await belowCostOf(db, discount.sellerId, discount)
  return viewOf(
    discount,
    await currencyAt(db, discount.sellerId),
    await accountNames(db, discount.sellerId, discount.accountIds),
    problems.map(({ message }) => message),
  )
}

const Key = z.object({ discountId: idOf<DiscountId>() })
const ofSeller = {
  sellerId: idOf<TenantId>().optional().meta({ description: 'A reseller below you; by default your own' }),
}
const LIMITS = {
  maxUses: Whole.refine((uses) => uses > 0n, 'Use 1 or more')
    .nullable()
    .optional()
    .meta({ description: 'Null: without limit' }),
  maxUsesPerAccount: z.int().min(1).max(1_000_000).nullable().optional(),
}

/** Discounts and their promo codes. */
export const discountRoutes: readonly AnyRoute[] = [
  route({
    method: 'GET',
    path: '/api/v1/discounts',
    scope: 'plans:read',
    tag: TAG,
    summary: 'List your discounts, the newest first',
    input: z.object(ofSeller),
    output: z.object({ currency: z.string(), items: z.array(DiscountView) }),
    async handle({ db, actor }, { sellerId: asked }) {
      const sellerId = await sellerFor(db, actor, asked)
      const currency = await currencyAt(db, sellerId)
      const discounts = await listDiscounts(db, sellerId)
      const names = await accountNames(db, sellerId, [...new Set(discounts.flatMap(({ accountIds }) => accountIds))])
      return { currency, items: discounts.map((each) => viewOf(each, currency, names)) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/discounts',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Add a discount',
    description:
      'Of all that apply to an order the one that takes most off is taken, never two. What a subscription was given it keeps, whatever becomes of the discount.',
    input: z.object({ ...SHAPE, ...ofSeller }),
    output: DiscountView,
    status: 201,
    async handle({ db, clock, actor }, { sellerId: asked, ...input }) {
      const sellerId = await sellerFor(db, actor, asked)
      const saved = await saveDiscount(db, clock, actor, {
        sellerId,
        draft: (former, currency) => readDiscount(input, former, currency),
      })
      return withLosses(db, saved)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/discounts/:discountId',
    scope: 'plans:read',
    tag: TAG,
    summary: 'Read a discount',
    input: Key,
    output: DiscountView,
    async handle({ db, actor }, { discountId }) {
      return withLosses(db, await getDiscount(db, actor, discountId))
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/discounts/:discountId',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Change a discount, or switch it off or on',
    description: 'With `If-Match` the change is refused when someone else was quicker.',
    input: Key.extend(SHAPE),
    output: DiscountView,
    async handle({ db, clock, actor, request }, { discountId, ...input }) {
      const { sellerId } = await getDiscount(db, actor, discountId)
      const saved = await saveDiscount(db, clock, actor, {
        sellerId,
        id: discountId,
        expectedVersion: request.ifMatch,
        draft: (former, currency) => readDiscount(input, former, currency),
      })
      return withLosses(db, saved)
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/discounts/:discountId/codes',
    scope: 'plans:read',
    tag: TAG,
    summary: 'List the promo codes of a discount with their limits and uses',
    input: Key,
    output: z.object({ items: z.array(CodeView) }),
    async handle({ db, actor }, { discountId }) {
      const { sellerId } = await getDiscount(db, actor, discountId)
      return { items: await listCodes(db, sellerId, discountId) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/discounts/:discountId/codes',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Make promo codes of a discount',
    description:
      'One as it is to be typed; or several by a pattern: `SPRING-%8` is followed by 8 random characters, 6 at least. Capitals and blanks do not count when a customer types one.',
    input: Key.extend({
      code: z.string().trim().min(1).max(60),
      count: z.int().min(1).max(1000).default(1),
      ...LIMITS,
    }),
    output: z.object({ items: z.array(CodeView) }),
    status: 201,
    async handle({ db, clock, actor }, { discountId, maxUses = null, maxUsesPerAccount = null, ...input }) {
      const { sellerId } = await getDiscount(db, actor, discountId)
      const made = new Set(
        await createCodes(db, clock, actor, { sellerId, discountId, maxUses, maxUsesPerAccount, ...input }),
      )
      return { items: (await listCodes(db, sellerId, discountId)).filter(({ code }) => made.has(code)) }
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/discounts/:discountId/codes/:code',
    scope: 'plans:write',
    tag: TAG,
    summary: 'Change the limits of a promo code, or switch it off or on',
    input: Key.extend({ code: z.string().max(60), active: z.boolean().optional(), ...LIMITS }),
    output: CodeView,
    async handle({ db, clock, actor }, { discountId, code, maxUses, maxUsesPerAccount, active }) {
      const { sellerId } = await getDiscount(db, actor, discountId)
      return saveCode(db, clock, actor, {
        sellerId,
        discountId,
        code,
        change: {
          ...(maxUses !== undefined && { maxUses }),
          ...(maxUsesPerAccount !== undefined && { maxUsesPerAccount }),
          ...(active !== undefined && { active }),
        },
      })
    },
  }),
]

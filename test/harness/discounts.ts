import { createCodes } from '../../src/catalog/save-codes.ts'
import { type DiscountDraft, saveDiscount } from '../../src/catalog/save-discount.ts'
import type { DiscountId } from '../../src/discounts/schema.ts'
import { createCheckout, placeOrder, viewCheckout } from '../../src/orders/index.ts'
import { changesOf, type Tenant } from './changes.ts'
import { LINK, placing, type Shop } from './shop.ts'

export const TEN: DiscountDraft = {
  name: 'Spring sale',
  needsCode: true,
  off: { kind: 'percent', basisPoints: 1000 },
  fees: ['setup', 'recurring', 'renewal'],
  periods: 1,
  productIds: [],
  planIds: ['425', '426'],
  planPeriodIds: [],
  accountIds: [],
  ownedPlanIds: [],
  startsAt: null,
  endsAt: null,
  active: true,
}

/** What the tests of discounts do over and over. */
export function discountsOf(shop: Shop) {
  const { sellerId } = shop.store
  const { deps } = changesOf(shop)
  const save = async (draft: Partial<DiscountDraft>, id?: DiscountId): Promise<DiscountId> => {
    const saved = await saveDiscount(shop.db, shop.clock, shop.operator, {
      sellerId,
      id,
      draft: (former) => ({ ...TEN, ...former, ...draft }),
    })
    await shop.catalog.refresh(sellerId)
    return saved.id
  }
  /** A code of a discount of its own. */
  const code = async (
    name: string,
    draft: Partial<DiscountDraft> = {},
    limits: { maxUses?: bigint; maxUsesPerAccount?: number } = {},
  ): Promise<DiscountId> => {
    const discountId = await save(draft)
    const { maxUses = null, maxUsesPerAccount = null } = limits
    const asked = { sellerId, discountId, code: name, count: 1, maxUses, maxUsesPerAccount }
    await createCodes(shop.db, shop.clock, shop.operator, asked)
    return discountId
  }
  const draft = ({ id, actor }: Tenant, promoCode?: string, link: string = LINK.monthly) =>
    createCheckout(shop, actor, {
      accountId: id,
      storeId: shop.store.storeId,
      link,
      cookieKey: null,
      idempotencyKey: null,
      promoCode,
    })
  const order = async (account: Tenant, promoCode?: string, link?: string) => {
    const checkoutId = await draft(account, promoCode, link)
    const { total } = await viewCheckout(deps, account.actor, checkoutId)
    const placed = await placeOrder(deps, account.actor, {
      ...placing(checkoutId, total.amountMinor),
      allowSecond: true,
    })
    return { placed, checkoutId }
  }
  return { save, code, draft, order }
}

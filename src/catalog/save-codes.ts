import { randomInt } from 'node:crypto'
import { insertCodes, lockCode, lockDiscount, updateCode } from '../discounts/index.ts'
import { CODE, normalCode } from '../discounts/rules.ts'
import type { DiscountId, PromoCode } from '../discounts/schema.ts'
import { differences } from '../kernel/differences.ts'
import { BuylinkError } from '../kernel/errors.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { fieldProblem } from './save-product.ts'

export interface NewCodes {
  readonly sellerId: SellerId
  readonly discountId: DiscountId
  /** One code, or a pattern for several: `SPRING-%8` is followed by 8 random characters (facts A6.5). */
  readonly code: string
  readonly count: number
  readonly maxUses: bigint | null
  readonly maxUsesPerAccount: number | null
}

const MASK = /%(\d{1,2})/
/** Fewer could be guessed. */
const LEAST_RANDOM = 6
/** Without those that are taken for one another. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * Makes codes of a discount.
 *
 * @returns The new ones, as they are to be typed.
 * @throws {BuylinkError} `unprocessable`; `conflict` where the code is there already; `not_found`.
 */
export async function createCodes(db: Db | Tx, clock: Clock, actor: Principal, asked: NewCodes): Promise<string[]> {
  return transaction(db, async (tx) => {
    const { sellerId, discountId, maxUses, maxUsesPerAccount } = asked
    const discount = await lockDiscount(tx, sellerId, discountId)
    if (!discount) throw new BuylinkError('not_found', 'There is no such discount.')
    if (!discount.needsCode)
      throw fieldProblem(
        'code',
        'This discount is taken off by itself, so it has no codes. Make one that needs a code.',
      )
    const at = clock.now()
    const codes = spelled(asked)
    const common = { discountId, maxUses, maxUsesPerAccount, active: true, createdAt: at }
    const made = await insertCodes(
      tx,
      sellerId,
      [...codes].map((code) => ({ code, ...common })),
    )
    if (made.length < codes.size)
      throw new BuylinkError('conflict', 'A code like that is there already. Choose another one.', {
        problems: [{ path: 'code', code: 'taken', message: 'It is there already. Choose another one.' }],
      })
    await audit(tx, {
      ...aboutCatalog(actor, sellerId, { kind: 'discount', id: discountId }, at),
      action: 'promo_codes.create',
      details: { pattern: asked.code, count: made.length, max_uses: maxUses, max_uses_per_account: maxUsesPerAccount },
    })
    return made
  })
}

function spelled({ code, count }: NewCodes): ReadonlySet<string> {
  const pattern = normalCode(code)
  const random = Number(MASK.exec(pattern)?.[1] ?? 0)
  if (MASK.test(pattern) && random < LEAST_RANDOM)
    throw fieldProblem(
      'code',
      `Use at least ${LEAST_RANDOM} random characters, such as ${pattern.replace(MASK, '%8')}.`,
    )
  if (!MASK.test(pattern) && count > 1)
    throw fieldProblem('code', 'Several codes need a pattern, such as SPRING-%8: 8 random characters follow.')
  const codes = new Set<string>()
  while (codes.size < count) {
    const made = pattern.replace(MASK, () =>
      Array.from({ length: random }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
    )
    if (!CODE.test(made)) throw fieldProblem('code', 'A code has 3 to 40 letters, digits, hyphens or underscores.')
    codes.add(made)
  }
  return codes
}

export interface CodeSave {
  readonly sellerId: SellerId
  readonly discountId: DiscountId
  readonly code: string
  /** What is absent stays. */
  readonly change: Partial<Pick<PromoCode, 'maxUses' | 'maxUsesPerAccount' | 'active'>>
}

/** Changes the limits of a code, or switches it off or on. @throws {BuylinkError} `not_found`; `unprocessable`. */
export async function saveCode(db: Db | Tx, clock: Clock, actor: Principal, save: CodeSave): Promise<PromoCode> {
  return transaction(db, async (tx) => {
    const { sellerId, discountId } = save
    const former = await lockCode(tx, sellerId, normalCode(save.code))
    if (former?.discountId !== discountId) throw new BuylinkError('not_found', 'There is no such code.')
    const next = { ...former, ...save.change }
    if (next.maxUses !== null && next.maxUses < former.uses)
      throw fieldProblem('max_uses', `It has been used ${former.uses} times already.`)
    const changes = differences(former, next)
    if (changes.length === 0) return former
    await updateCode(tx, sellerId, next)
    await audit(tx, {
      ...aboutCatalog(actor, sellerId, { kind: 'discount', id: discountId }, clock.now()),
      action: 'promo_code.update',
      details: { code: former.code, ...changeDetails(changes) },
    })
    return next
  })
}

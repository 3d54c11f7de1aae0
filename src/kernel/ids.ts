import { randomFillSync } from 'node:crypto'

/** A string that names one kind of thing, so that two kinds cannot be swapped. */
export type Id<Kind extends string> = string & { readonly __kind?: Kind }

/** A partner tenant or the root: who keeps its own books. First column of every distributed key. */
export type SellerId = Id<'seller'>
export type TenantId = Id<'tenant'>
export type UserId = Id<'user'>
export type StoreId = Id<'store'>
export type CheckoutId = Id<'checkout'>
export type OrderId = Id<'order'>
export type PaymentId = Id<'payment'>
export type SubscriptionId = Id<'subscription'>
/** Follows one customer's intent through every event, mail and posting it causes. */
export type CorrelationId = Id<'correlation'>

const pool = Buffer.alloc(16 * 256)
let offset = pool.length
let lastMs = 0
let sequence = 0

/**
 * A UUIDv7 (RFC 9562 §5.7): ascending within this process even inside one millisecond, by a 12-bit counter in `rand_a`.
 *
 * @param at The instant to encode, not beyond the system's; by default that, since an id is no business date.
 */
export function newId<T extends Id<string>>(at: number = Date.now()): T {
  // A sandbox's time may be far ahead: the ids of all others must not follow it there.
  const time = Math.min(at, Date.now())
  if (time > lastMs) {
    lastMs = time
    sequence = 0
  } else if (++sequence > 0xfff) {
    lastMs += 1
    sequence = 0
  }
  if (offset === pool.length) {
    randomFillSync(pool)
    offset = 0
  }
  const random = pool.subarray(offset, (offset += 16))
  const digits = lastMs.toString(16).padStart(12, '0')
  const tail = random.toString('hex', 0, 8)
  const variant = (0x8 | (random[8]! & 0x3)).toString(16)
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${variant}${tail.slice(0, 3)}-${tail.slice(3, 15)}` as T
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SellerId } from '../kernel/ids.ts'
import { type Clock, HOUR_MS } from '../kernel/time.ts'
import { deriveKey } from '../platform/auth/derive-key.ts'
import { formatTouch, parseTouch, type Touch } from './rules.ts'

/** Query parameter of links from one domain of a reseller to another. */
export const TOUCH_PARAMETER = 'manager_token'

/** Long enough to read a product page, too short to be worth passing on. */
const LIFE_MS = HOUR_MS
/** 128 bits, as base64url. */
const SIGNATURE_LENGTH = 22

/**
 * Carries a touch from one domain of a reseller to another, where the cookie of the first cannot be read
 * (spec/buy-links.md "Attribution"). The text is signed, names its end, and is good at this reseller's domains alone.
 */
export interface TouchTokens {
  issue(sellerId: SellerId, touch: Touch): string
  /** null for what is no token of this reseller's, was altered or is too old. */
  read(sellerId: SellerId, text: string): Touch | null
}

export function createTouchTokens({ secret, clock }: { readonly secret: string; readonly clock: Clock }): TouchTokens {
  const key = deriveKey(secret, 'manager token')
  const sign = (sellerId: SellerId, body: string): string =>
    createHmac('sha256', key).update(`${sellerId} ${body}`).digest('base64url').slice(0, SIGNATURE_LENGTH)
  return {
    issue(sellerId, touch) {
      const endSeconds = Math.floor((clock.now().getTime() + LIFE_MS) / 1000)
      // Encoded, since the store's own pages and links never show a key.
      const body = Buffer.from(`${formatTouch(touch)}~${endSeconds.toString(36)}`).toString('base64url')
      return `${body}~${sign(sellerId, body)}`
    },
    read(sellerId, text) {
      const body = /^([A-Za-z0-9_-]{1,140})~[A-Za-z0-9_-]{22}$/.exec(text)?.[1]
      if (body === undefined) return null
      const signature = text.slice(-SIGNATURE_LENGTH)
      if (!timingSafeEqual(Buffer.from(signature), Buffer.from(sign(sellerId, body)))) return null
      const [, touch, end] = /^(.{1,90})~([0-9a-z]{1,8})$/.exec(Buffer.from(body, 'base64url').toString()) ?? []
      if (end === undefined) return null
      const now = clock.now()
      if (Number.parseInt(end, 36) * 1000 <= now.getTime()) return null
      const found = parseTouch(touch, now)
      return found && { ...found, channel: 'token' }
    },
  }
}

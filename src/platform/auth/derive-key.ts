import { hkdfSync } from 'node:crypto'

/** A 256-bit key for one purpose, from BUYLINK_SECRET: whoever learns one key learns no other. */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `buylink ${purpose}`, 32))

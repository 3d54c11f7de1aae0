import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deriveKey } from './derive-key.ts'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface Seal {
  /** Encrypts a secret for keeping: version, nonce, tag and ciphertext in one. */
  seal(plain: string): Buffer
  /** @throws {Error} It was sealed with another BUYLINK_SECRET, for another purpose, or was altered. */
  unseal(sealed: Buffer): string
}

/** Secrets at rest: AES-256-GCM under a key of BUYLINK_SECRET for this purpose alone. */
export function createSeal(secret: string, purpose: string): Seal {
  const key = deriveKey(secret, `seal ${purpose}`)
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text])
    },
    unseal(sealed) {
      if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new Error('Not a sealed secret')
      const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
      const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString()
    },
  }
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, URL-safe: what a cookie or a mailed link carries. Only its hash is stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Enough for random tokens and secrets, which nobody can guess; passwords need `hashPassword`. */
export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether two texts are the same, in a time that tells nothing about where they differ. */
export const isSameText = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other))

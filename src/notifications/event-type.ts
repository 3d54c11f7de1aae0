import { z } from 'zod'

/** What an event that others can be told of means, and what it carries. */
export interface EventType {
  /** A sentence for people who choose what to be told of. */
  readonly summary: string
  /** Of `data` in a webhook; names as on the wire. */
  readonly payload: z.ZodObject
  readonly example: Readonly<Record<string, unknown>>
}

// Shapes that many payloads share, and ids for their examples.
export const id = z.uuid()
export const number = z.string().regex(/^\d+$/)
export const amount = z.string().regex(/^-?\d+(\.\d+)?$/)
export const currency = z.string().length(3)
export const word = z.string()
export const whole = z.string().regex(/^-?\d+$/)
export const A = '019a0000-0000-7000-8000-0000000000a1'
export const O = '019a0000-0000-7000-8000-0000000000b1'
export const S = '019a0000-0000-7000-8000-0000000000c1'
export const P = '019a0000-0000-7000-8000-0000000000d1'
export const M = '019a0000-0000-7000-8000-0000000000e1'
export const W = '019a0000-0000-7000-8000-0000000000f1'

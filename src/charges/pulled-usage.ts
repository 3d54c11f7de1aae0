import { z } from 'zod'
import { wireOf } from '../platform/http/wire.ts'
import { ToldAmount } from './told-shape.ts'

/** What a service answers that was asked for what was used. Events are those that it would push. */
export const PulledUsage = z.object({
  events: z
    .array(
      z.object({
        id: z.string().min(1).max(400),
        subscription_id: z.uuid(),
        usage_name: z.string().max(64),
        time: z.string().max(64),
        /** What is in use from that time on, or by how much that changed. */
        value: z.union([z.string(), z.number()]).optional(),
        delta: z.union([z.string(), z.number()]).optional(),
      }),
    )
    .max(1000)
    .default([]),
  /** What it says that subscriptions cost, where it is the one to say so; read one by one, so that each has its message. */
  amounts: z.array(z.unknown()).max(1000).default([]),
  /** Told with the next question: what comes after. */
  cursor: z.string().max(1000),
  /** There is more already. */
  more: z.boolean().default(false),
})
export type PulledUsage = z.output<typeof PulledUsage>

/** @returns undefined where it is no such answer. */
export function readPulled(body: Buffer): PulledUsage | undefined {
  try {
    return PulledUsage.safeParse(JSON.parse(body.toString())).data
  } catch {
    return undefined
  }
}

const amountOnWire = wireOf(ToldAmount)

/** One of its amounts. @throws {Error} It is none. */
export function readTold(amount: unknown): ToldAmount {
  const read = amountOnWire.read(amount)
  if (read.ok) return read.value
  const problems = read.problems.map(({ path, message }) => `${path}: ${message}`)
  throw new Error(`An amount is none that is known: ${problems.join('; ')}`)
}

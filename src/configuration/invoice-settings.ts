import { z } from 'zod'
import { BLANK_SETTINGS, changeSettings, findSettings, SettingsInput } from '../invoices/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'

const { paymentDays, ...TEXTS } = SettingsInput.shape

/** What a seller's invoices say and how they are numbered. */
export const INVOICES_IN_FILE = z
  .object({
    ...TEXTS,
    paymentDays: z
      .string()
      .regex(/^\d{1,3}$/, 'Use a whole number of days')
      .transform(Number)
      .pipe(paymentDays),
  })
  .partial()

/** What the file leaves out is as in something new. */
export async function writeInvoiceSettings(
  tx: Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  given: z.output<typeof INVOICES_IN_FILE>,
): Promise<void> {
  const { version: _, ...former } = (await findSettings(tx, sellerId)) ?? { ...BLANK_SETTINGS, version: 0n }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const next = { ...BLANK_SETTINGS, ...said }
  if (JSON.stringify(Object.entries(former).sort()) === JSON.stringify(Object.entries(next).sort())) return
  await changeSettings(tx, clock, actor, sellerId, next, undefined)
}

/** Null where nobody has set any. */
export async function readInvoiceSettings(db: Db | Tx, sellerId: SellerId) {
  const settings = await findSettings(db, sellerId)
  if (!settings) return null
  const { version: _, ...rest } = settings
  return Object.fromEntries(
    Object.entries(rest)
      .filter(([name, value]) => value !== BLANK_SETTINGS[name as keyof typeof BLANK_SETTINGS])
      .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), String(value)]),
  )
}

import { z } from 'zod'
import type { Seal } from '../platform/auth/seal.ts'
import type { MailBrands } from '../platform/mail/mail-sender.ts'
import type { MailServer } from '../platform/mail/mail-server.ts'
import { tenantOf } from '../tenants/index.ts'
import { toBrand } from './rules.ts'
import type { BrandSettings } from './schema.ts'
import { findSmtpPassword, listEffective, noteMailOutcome } from './store.ts'

/** Whose name and mail server a tenant's mail has: those of the brand that applies to it. */
export const createMailBrands = (seal: Seal): MailBrands => ({
  async senderOf(db, { sellerId, tenantId }) {
    const [brand] = await listEffective(db, [tenantId ?? tenantOf(sellerId)])
    if (!brand) return { name: 'Buylink' }
    const { settings } = brand
    const name = toBrand(brand).serviceName
    if (settings.smtp_override !== 1 || settings.smtp_server.trim() === '') return { name }
    const password = await findSmtpPassword(db, brand.tenantId)
    const server = mailServerOf(settings, password ? unsealed(seal, password) : '')
    return { name, address: replyAddressOf(settings), server: { ...server, tenantId: brand.tenantId } }
  },
  noteOutcome: noteMailOutcome,
})

export const mailServerOf = (settings: BrandSettings, password: string): MailServer => ({
  host: settings.smtp_server.trim(),
  port: settings.smtp_port,
  encryption: settings.smtp_encryption,
  user: settings.smtp_user,
  password,
})

/** What cannot be read any more (another BUYLINK_SECRET) is no password: the server refuses, and the portal tells. */
export function unsealed(seal: Seal, password: Buffer): string {
  try {
    return seal.unseal(password)
  } catch {
    return ''
  }
}

/** A user of a mail server often is an address; else the installation's has to do. */
export const replyAddressOf = (settings: BrandSettings): string | undefined =>
  [settings.smtp_reply_address, settings.smtp_user]
    .map((text) => text.trim())
    .find((text) => z.email().safeParse(text).success)

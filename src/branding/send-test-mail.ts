import { newId, type TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Seal } from '../platform/auth/seal.ts'
import { type Db, transaction } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { platformError } from '../platform/http/v2.ts'
import { renderMail } from '../platform/mail/layout.ts'
import { reasonOf, sendThrough } from '../platform/mail/mail-server.ts'
import { type OutboundGuard, RefusedAddress } from '../platform/outbound/guard.ts'
import { mailServerOf, replyAddressOf, unsealed } from './mail-brands.ts'
import { readOwnBrand } from './read-brand.ts'
import { toBrand } from './rules.ts'
import type { BrandSettings } from './schema.ts'
import { findSmtpPassword, noteMailOutcome } from './store.ts'

export interface TestMail {
  readonly tenantId: TenantId
  readonly to: string
  /** Mail settings to try instead of the stored ones. */
  readonly options?: { readonly [Name in keyof BrandSettings]?: BrandSettings[Name] | undefined } | undefined
}

export interface TestMailDeps {
  readonly seal: Seal
  readonly guard: OutboundGuard
  readonly publicUrl: string
}

/**
 * Sends a mail through a brand's own mail server at once, whether it is in use or not, to see that it works. The stored
 * password is used only with the server and user that it was stored for, so that nobody learns it with a server of theirs.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: customers have no brand; platform codes 1024: the server has an
 *   internal address; 1025: it did not take the mail, or there is none.
 */
export async function sendTestMail(
  db: Db,
  clock: Clock,
  actor: Principal,
  { seal, guard, publicUrl }: TestMailDeps,
  { tenantId, to, options = {} }: TestMail,
): Promise<void> {
  const { tenant, brand } = await readOwnBrand(db, actor, tenantId)
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const settings: BrandSettings = { ...brand.settings, ...Object.fromEntries(given) }
  if (settings.smtp_server.trim() === '') throw platformError('smtp_incorrect', 'There is no mail server to try.')
  const isStored = (['smtp_server', 'smtp_port', 'smtp_user', 'smtp_encryption'] as const).every(
    (name) => settings[name] === brand.settings[name],
  )
  const stored = isStored && settings.smtp_password === '' ? await findSmtpPassword(db, tenantId) : null
  const server = mailServerOf(settings, stored ? unsealed(seal, stored) : settings.smtp_password)
  const look = toBrand({ ...tenant, tenantId, tenantName: tenant.name, settings, hasLogo: brand.hasLogo })
  const name = look.serviceName
  const fallback = `no-reply@${new URL(publicUrl).hostname}`
  const at = clock.now()
  try {
    await sendThrough(guard, server, {
      from: { name, address: replyAddressOf(settings) ?? fallback },
      to: { name: '', address: to },
      subject: `Test mail of ${name}`,
      date: at,
      messageId: `<${newId<string>(at.getTime())}@${new URL(publicUrl).hostname}>`,
      ...renderMail({ name, colour: look.color ?? '' }, testText(name)),
    })
  } catch (error) {
    const isInternal = error instanceof RefusedAddress && error.code === 'internal_address'
    throw platformError(
      isInternal ? 'address_forbidden' : 'smtp_incorrect',
      `The mail server did not take the mail: ${reasonOf(error)}.`,
    )
  }
  await transaction(db, async (tx) => {
    if (isStored) await noteMailOutcome(tx, tenantId, null, at)
    await audit(tx, {
      sellerId: tenant.sellerId,
      subject: { kind: 'tenant', id: tenantId },
      tenantId,
      actor,
      correlationId: actor.correlationId,
      at,
      action: 'brand.send_test_mail',
      details: { stored: isStored },
    })
  })
}

const testText = (name: string) => ({
  language: 'en',
  preview: 'Your mail server works.',
  heading: 'Your mail server works',
  paragraphs: [`This is how mails of ${name} look. They are sent through your own mail server once you switch it on.`],
  footer: ['You get this because somebody tried the mail settings of this brand.'],
})

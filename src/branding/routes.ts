import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import { readBuyUrl } from '../link/index.ts'
import { fileOf, SentFile, UploadedFile } from '../platform/http/file.ts'
import { type AnyRoute, route } from '../platform/http/route.ts'
import { idOf, Instant, Version } from '../platform/http/schemas.ts'
import { findUser } from '../users/index.ts'
import { changeBrand } from './change-brand.ts'
import { readOwnBrand } from './read-brand.ts'
import { MAX_LOGO_BYTES, readLogo } from './read-logo.ts'
import { BrandSettings, MailSettings, type OwnBrand } from './schema.ts'
import { sealed } from './sealed.ts'
import { sendTestMail, type TestMailDeps } from './send-test-mail.ts'
import { findOwnLogo } from './store.ts'

const Path = z.object({ tenantId: idOf<TenantId>() })

const BrandView = Path.extend({
  enabled: z.boolean().meta({ description: 'false: stored, but shown nowhere' }),
  tenantName: z.string(),
  options: BrandSettings.meta({ description: '`smtp_password` always reads as ""; "" keeps the stored one' }),
  hasSmtpPassword: z.boolean(),
  logoUrl: z
    .string()
    .nullable()
    .meta({ description: 'Path of the picture for its owner, also before branding is enabled' }),
  mailFailure: z
    .object({ at: Instant, reason: z.string() })
    .nullable()
    .meta({ description: 'The brand’s own mail server failed; mails went through the installation’s' }),
  buyUrl: z
    .object({ url: z.string().nullable(), problem: z.enum(['empty', 'not_a_web_address', 'credentials']).nullable() })
    .meta({ description: 'What links begin with, or why there are none' }),
  version: Version.meta({ description: 'The tenant’s; every write of the brand raises it by one' }),
})

function present({ tenant, brand }: { tenant: { id: TenantId; name: string; version: bigint }; brand: OwnBrand }) {
  const reading = readBuyUrl(brand.settings.upsell_url)
  return {
    tenantId: tenant.id,
    tenantName: tenant.name,
    enabled: brand.enabled,
    options: brand.settings,
    hasSmtpPassword: brand.hasSmtpPassword,
    logoUrl: brand.hasLogo ? `/api/v1/brands/${tenant.id}/logo?v=${brand.settings.logotype}` : null,
    mailFailure: brand.mailFailure,
    buyUrl: 'url' in reading ? { url: reading.url, problem: null } : { url: null, problem: reading.problem },
    version: tenant.version,
  }
}

/** @throws {BuylinkError} `precondition_required`. */
function versionOf(ifMatch: bigint | undefined): bigint {
  if (ifMatch === undefined)
    throw new BuylinkError('precondition_required', 'Send If-Match with the ETag of the brand that you read.')
  return ifMatch
}

/** Brands for the portal and for programs: the same operations as API v2 has, in the manners of v1. */
export const brandRoutes = (deps: TestMailDeps): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/v1/brands/:tenantId',
    scope: 'brands:read',
    summary: 'Read a tenant’s own brand',
    description: 'Of a partner, folder or the root; the defaults where it never had one.',
    input: Path,
    output: BrandView,
    handle: async ({ db, actor }, { tenantId }) => present(await readOwnBrand(db, actor, tenantId)),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/brands/:tenantId',
    scope: 'brands:write',
    summary: 'Enable, disable or change a brand',
    description:
      'Needs `If-Match`. What is not named stays. A `logotype` of null removes the logo; any other is passed over.',
    input: Path.extend({ enabled: z.boolean().optional(), options: BrandSettings.partial().optional() }),
    output: BrandView,
    async handle({ db, clock, actor, request }, { tenantId, enabled, options }) {
      await readOwnBrand(db, actor, tenantId)
      const change = { tenantId, enabled, version: versionOf(request.ifMatch), ...sealed(deps.seal, options ?? {}) }
      return present(await changeBrand(db, clock, actor, change))
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/brands/:tenantId/logo',
    scope: 'brands:read',
    summary: 'Read the logo of a tenant’s own brand',
    input: Path.extend({ v: z.string().max(64).optional() }),
    output: SentFile,
    sends: 'image/png',
    async handle({ db, actor }, { tenantId }) {
      await readOwnBrand(db, actor, tenantId)
      const logo = await findOwnLogo(db, tenantId)
      if (!logo) throw new BuylinkError('not_found', 'This brand has no logo.')
      return { bytes: logo.bytes }
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/brands/:tenantId/logo',
    scope: 'brands:write',
    summary: 'Put a logo into a brand',
    description: 'A PNG of at most 256 KiB and 2048 × 2048 pixels. Needs `If-Match`.',
    input: Path.extend({ file: UploadedFile }),
    output: BrandView,
    upload: 'image/png',
    bodyLimit: MAX_LOGO_BYTES + 4096,
    async handle({ db, clock, actor, request }, { tenantId, file }) {
      await readOwnBrand(db, actor, tenantId)
      const logo = readLogo(fileOf(file).bytes)
      return present(await changeBrand(db, clock, actor, { tenantId, version: versionOf(request.ifMatch), logo }))
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/brands/:tenantId/test-mails',
    scope: 'brands:write',
    summary: 'Try a brand’s mail server with a mail to oneself',
    description:
      'Sent at once to the signed-in user, with the stored mail settings or those given. Fails with `platform_code` 1025 when the server does not take it, 1024 when its address is internal.',
    input: Path.extend({ options: MailSettings.partial().optional() }),
    output: z.object({ sentTo: z.string() }),
    limitPerMinute: 10,
    async handle({ db, clock, actor }, { tenantId, options }) {
      const user = actor.kind === 'user' ? await findUser(db, actor.sellerId, actor.id as UserId) : undefined
      if (!user) throw new BuylinkError('unprocessable', 'Only a signed-in user has an address to send to.')
      await sendTestMail(db, clock, actor, deps, { tenantId, to: user.email, options })
      return { sentTo: user.email }
    },
  }),
]

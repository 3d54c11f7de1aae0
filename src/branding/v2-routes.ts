import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId, UserId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import { idOf } from '../platform/http/schemas.ts'
import { fileOf, SentFile, UploadedFile } from '../platform/http/file.ts'
import type { AnyRoute, RouteContext } from '../platform/http/route.ts'
import { platformError, v2Route } from '../platform/http/v2.ts'
import { findProfile, presentTenant, TenantV2 } from '../tenants/index.ts'
import { brandOwnersOf } from './brand-owners.ts'
import { changeBrand } from './change-brand.ts'
import { readEffectiveOptions, readOwnBrand } from './read-brand.ts'
import { MAX_LOGO_BYTES, readLogo } from './read-logo.ts'
import { BrandSettings, MailSettings } from './schema.ts'
import { sealed } from './sealed.ts'
import { sendTestMail, type TestMailDeps } from './send-test-mail.ts'
import { findOwnLogo } from './store.ts'
import { findVisibleUser } from './user-view.ts'
import { BrandPatch, BrandPath, BrandQuery, VersionedBrand } from './v2-schema.ts'

const PATH = '/api/2/tenants/:tenantId/brand'
const about = { tag: 'tenants (v2)', query: ['version'] } as const

/** Brands in the compatible API (facts/acronis-upsell.md §3). Each write raises the tenant's version by exactly one. */
export const brandV2Routes = (deps: TestMailDeps): AnyRoute[] => [
  v2Route({
    ...about,
    method: 'GET',
    path: PATH,
    scope: 'brands:read',
    summary: 'Read the brand of a tenant',
    description:
      'All 29 options; of a tenant that never had a brand, the defaults. `smtp_password` always reads as "". With `effective=1` what applies here, for a tenant of any kind.',
    input: BrandQuery,
    output: BrandSettings,
    handle: async ({ db, actor }, { tenantId, effective }) =>
      effective === '1'
        ? readEffectiveOptions(db, actor, tenantId)
        : (await readOwnBrand(db, actor, tenantId)).brand.settings,
  }),
  v2Route({
    ...about,
    method: 'POST',
    path: PATH,
    scope: 'brands:write',
    summary: 'Enable branding',
    input: VersionedBrand,
    output: TenantV2,
    status: 201,
    async handle({ db, clock, actor }, { tenantId, version }) {
      await changeBrand(db, clock, actor, { tenantId, version, enabled: true })
      return tenantObject({ db, clock, actor }, tenantId)
    },
  }),
  v2Route({
    ...about,
    method: 'PUT',
    path: PATH,
    scope: 'brands:write',
    summary: 'Change some options of a brand',
    description:
      'Options that are not named stay. A `smtp_password` of "" keeps the stored one, which another `smtp_server` makes forgotten; a `logotype` of null removes the logo, any other is passed over. Where branding is not enabled the options are stored and shown nowhere until it is.',
    input: BrandPatch,
    output: BrandSettings,
    async handle({ db, clock, actor }, { tenantId, version, ...options }) {
      const change = { tenantId, version, ...sealed(deps.seal, options) }
      return (await changeBrand(db, clock, actor, change)).brand.settings
    },
  }),
  v2Route({
    ...about,
    method: 'DELETE',
    path: PATH,
    scope: 'brands:write',
    summary: 'Disable branding',
    description: 'The options are kept; what applies from now on is the next brand above.',
    input: VersionedBrand,
    output: z.object({}),
    status: 204,
    async handle({ db, clock, actor }, { tenantId, version }) {
      await changeBrand(db, clock, actor, { tenantId, version, enabled: false })
      return {}
    },
  }),
  v2Route({
    ...about,
    method: 'GET',
    path: `${PATH}/logo`,
    scope: 'brands:read',
    summary: 'Read the logo of a brand',
    input: BrandPath,
    output: SentFile,
    sends: 'image/png',
    async handle({ db, actor, reply }, { tenantId }) {
      const { tenant } = await readOwnBrand(db, actor, tenantId)
      const logo = await findOwnLogo(db, tenant.id)
      if (!logo) throw platformError('business_rules', 'This brand has no logo.')
      reply.header('cache-control', 'max-age=86400, must-revalidate')
      return { bytes: logo.bytes }
    },
  }),
  v2Route({
    ...about,
    method: 'POST',
    path: `${PATH}/logo`,
    scope: 'brands:write',
    summary: 'Put a logo into a brand',
    description:
      'A PNG of at most 256 KiB and 2048 × 2048 pixels: as the body, with `version` (201), or as the field `file` of a form, where `version` may be left out (200).',
    input: BrandPath.extend({ version: VersionedBrand.shape.version.optional(), file: UploadedFile }),
    output: TenantV2,
    status: 201,
    upload: 'image/png',
    // A form has a frame of its own around the picture.
    bodyLimit: MAX_LOGO_BYTES + 4096,
    async handle({ db, clock, actor, reply }, { tenantId, version, file: sent }) {
      await readOwnBrand(db, actor, tenantId)
      const file = fileOf(sent)
      if (version === undefined && !file.isForm) throw versionMissing()
      await changeBrand(db, clock, actor, { tenantId, version, logo: readLogo(file.bytes) })
      if (file.isForm) reply.status(200)
      return tenantObject({ db, clock, actor }, tenantId)
    },
  }),
  v2Route({
    method: 'POST',
    path: '/api/2/users/:userId/email/test_branding',
    scope: 'brands:write',
    tag: 'users (v2)',
    summary: 'Try the mail server of a brand with a mail to a user',
    description:
      'Sent at once through the mail settings of the user’s tenant, or those given. Code 1025: the server did not take it; 1024: its address is internal.',
    input: z.object({ userId: idOf<UserId>() }).extend(MailSettings.partial().shape),
    output: z.object({}),
    status: 204,
    limitPerMinute: 10,
    async handle({ db, clock, actor }, { userId, ...options }) {
      const user = await findVisibleUser(db, actor, userId)
      if (!user) throw new BuylinkError('not_found', 'There is no such user.')
      if (!user.enabled) throw platformError('user_disabled', 'This user is disabled and gets no mails.')
      await sendTestMail(db, clock, actor, deps, { tenantId: user.tenantId, to: user.email, options })
      return {}
    },
  }),
]

const versionMissing = (): BuylinkError =>
  new BuylinkError('invalid_request', 'version: Is required.', {
    problems: [{ path: 'version', code: 'required', message: 'Is required' }],
  })

async function tenantObject(
  { db, clock, actor }: Pick<RouteContext<Principal>, 'db' | 'clock' | 'actor'>,
  tenantId: TenantId,
): Promise<TenantV2> {
  const tenant = await findProfile(db, actor, tenantId)
  if (!tenant) throw platformError('tenant_not_found', 'There is no such tenant.')
  return presentTenant(db, tenant, { brandOwnersOf, now: clock.now(), viewer: actor })
}

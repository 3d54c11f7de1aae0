import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { TenantKind } from '../tenants/schema.ts'
import type { BrandOptions, BrandSettings, EffectiveBrand } from './schema.ts'

/** Brands belong to those who sell and to the folders they group by; not to customers (spec/upsell.md "Brand and Buy URL"). */
export const mayHaveBrand = (kind: TenantKind): boolean => kind === 'root' || kind === 'partner' || kind === 'folder'

/** @throws {BuylinkError} `unprocessable`: customers and units have no brand. */
export function assertMayHaveBrand(kind: TenantKind): void {
  if (!mayHaveBrand(kind)) throw new BuylinkError('unprocessable', `A ${kind} has no brand of its own.`)
}

export const DEFAULT_SETTINGS: BrandSettings = {
  account_server_url: '',
  backup_console_url: '',
  color: null,
  color_scheme: 'default',
  company_name: '',
  help_url: '',
  hide_predefined: 0,
  home_url: '',
  knowledgebase_url: '',
  logotype: null,
  mobile_app_android_download_url: '',
  mobile_app_ios_download_url: '',
  owns_custom_legal_docs: false,
  platform_terms_url: '',
  privacy_policy_url: '',
  router_url: '',
  service_name: '',
  smtp_encryption: '',
  smtp_override: 0,
  smtp_password: '',
  smtp_port: 25,
  smtp_reply_address: '',
  smtp_server: '',
  smtp_user: '',
  support_phone: '',
  support_url: '',
  terms_url: '',
  upsell_url: '',
  user_guide_url: '',
}

export const DEFAULT_BRAND: EffectiveBrand = {
  tenantId: null,
  version: '0',
  serviceName: 'Buylink',
  companyName: null,
  color: null,
  colorScheme: 'default',
  logoUrl: null,
  supportPhone: null,
  supportUrl: null,
  termsUrl: null,
  privacyUrl: null,
  upsellUrl: '',
}

/**
 * Stored options with some of them changed. `logotype` names the stored picture: a change can only take it away (null
 * or ''), since a name that was read elsewhere is of a picture that is not here. The password is kept apart.
 *
 * @param newLogotype Name of a picture that comes with the change.
 */
export function withChanges(
  stored: BrandSettings,
  { logotype, ...change }: Partial<BrandOptions>,
  newLogotype?: string,
): BrandSettings {
  const removesLogo = logotype === null || logotype === ''
  return {
    ...stored,
    ...change,
    logotype: newLogotype ?? (removesLogo ? null : stored.logotype),
    smtp_password: '',
  }
}

/** Whether the mail server, or how it is used, may be another one now. */
export const changesMail = (change: Partial<BrandOptions>): boolean =>
  Object.keys(change).some((name) => name.startsWith('smtp_'))

const MAIL_OPTIONS = Object.keys(DEFAULT_SETTINGS).filter((name) => name.startsWith('smtp_'))

/** A brand as those below it may read it: its mail server is the owner's own business. */
export const withoutMail = (settings: BrandSettings): BrandSettings => ({
  ...settings,
  ...Object.fromEntries(Object.entries(DEFAULT_SETTINGS).filter(([name]) => MAIL_OPTIONS.includes(name))),
})

/** What stored options show. A brand without a service name goes by its company, else by its tenant's name. */
export function toBrand(stored: {
  readonly tenantId: TenantId
  readonly tenantName: string
  readonly settings: BrandSettings
  readonly hasLogo: boolean
  /** Number and version of its tenant. */
  readonly number: bigint
  readonly version: bigint
}): EffectiveBrand {
  const { settings, tenantId } = stored
  const version = `${stored.number}.${stored.version}`
  const color = settings.color?.trim().replace(/^#/, '') ?? ''
  return {
    tenantId,
    version,
    serviceName: filled(settings.service_name) ?? filled(settings.company_name) ?? stored.tenantName,
    companyName: filled(settings.company_name),
    color: /^[0-9a-f]{6}$/i.test(color) ? `#${color.toLowerCase()}` : null,
    colorScheme: settings.color_scheme || 'default',
    logoUrl: stored.hasLogo ? `/brands/${tenantId}/logo?v=${version}` : null,
    supportPhone: filled(settings.support_phone),
    supportUrl: webUrl(settings.support_url),
    termsUrl: webUrl(settings.terms_url),
    privacyUrl: webUrl(settings.privacy_policy_url),
    upsellUrl: settings.upsell_url?.trim() ?? '',
  }
}

const filled = (value: string | null): string | null => value?.trim() || null

/** Options are opaque text; only what a browser may follow becomes a link, so `javascript:` never does. */
function webUrl(value: string | null): string | null {
  const url = value === null ? null : URL.parse(value.trim())
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null
}

import type { Generated } from 'kysely'
import { z } from 'zod'
import type { TenantId } from '../kernel/ids.ts'

/** Opaque text of any sensible length. */
const text = z.string().max(4096)

/** The 29 options of a brand, named and typed as in the seed's sample (facts/acronis-upsell.md §3.1). */
export const BrandSettings = z.object({
  account_server_url: text.nullable(),
  backup_console_url: text,
  color: text.nullable(),
  color_scheme: text,
  company_name: text.nullable(),
  help_url: text.nullable(),
  hide_predefined: z.int().min(0).max(1),
  home_url: text.nullable(),
  knowledgebase_url: text.nullable(),
  logotype: text.nullable(),
  mobile_app_android_download_url: text.nullable(),
  mobile_app_ios_download_url: text.nullable(),
  owns_custom_legal_docs: z.boolean(),
  platform_terms_url: text.nullable(),
  privacy_policy_url: text.nullable(),
  router_url: text.nullable(),
  service_name: text.nullable(),
  smtp_encryption: z.enum(['', 'SSL', 'TLS']),
  smtp_override: z.int().min(0).max(1),
  smtp_password: text,
  smtp_port: z.int().min(0).max(65535),
  smtp_reply_address: text,
  smtp_server: text,
  smtp_user: text,
  support_phone: text.nullable(),
  support_url: text.nullable(),
  terms_url: text.nullable(),
  upsell_url: text.nullable(),
  user_guide_url: text.nullable(),
})
export type BrandSettings = z.infer<typeof BrandSettings>

/** Those about the brand's own mail server. */
export const MailSettings = BrandSettings.pick({
  smtp_encryption: true,
  smtp_password: true,
  smtp_port: true,
  smtp_reply_address: true,
  smtp_server: true,
  smtp_user: true,
})

/** The options that are kept in the open: all but the password of the mail server. */
export type BrandOptions = Omit<BrandSettings, 'smtp_password'>

/** What people see of a brand; never its mail settings. */
export const Brand = z.object({
  serviceName: z.string(),
  companyName: z.string().nullable(),
  /** `#rrggbb`; null: the installation's own. */
  color: z.string().nullable(),
  colorScheme: z.string(),
  /** Path on every host; null: the name is shown instead. */
  logoUrl: z.string().nullable(),
  supportPhone: z.string().nullable(),
  supportUrl: z.string().nullable(),
  termsUrl: z.string().nullable(),
  privacyUrl: z.string().nullable(),
})
export type Brand = z.infer<typeof Brand>

/** What applies at a tenant: the nearest enabled brand at or above it, or the defaults. */
export interface EffectiveBrand extends Brand {
  /** Whose brand it is; null: nobody's, the defaults. */
  readonly tenantId: TenantId | null
  /** Changes whenever anything seen changes; part of the addresses of stylesheet and logo. */
  readonly version: string
  /** The Buy URL, opaque; '' where there is none, and then there are no upsell links. */
  readonly upsellUrl: string
}

/** A brand as its owner edits it. Passwords never are among the options. */
export interface OwnBrand {
  readonly enabled: boolean
  readonly settings: BrandSettings
  readonly hasLogo: boolean
  readonly hasSmtpPassword: boolean
  /** The last failure of the brand's own mail server, since it worked the last time. */
  readonly mailFailure: { readonly at: Date; readonly reason: string } | null
}

declare module '../platform/db.ts' {
  interface Database {
    brands: {
      tenant_id: TenantId
      enabled: Generated<boolean>
      settings: BrandSettings
      logo: Buffer | null
      logo_type: string | null
      /** Sealed with BUYLINK_SECRET; the options have ''. */
      smtp_password: Buffer | null
      mail_failed_at: Date | null
      mail_failure: string | null
      updated_at: Date
    }
  }
}

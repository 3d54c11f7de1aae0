/** A brand of `/api/v1/brands`, camelCase (converted once, in api.ts). */
export interface BrandOptions {
  readonly serviceName: string | null
  readonly companyName: string | null
  /** `RRGGBB`. */
  readonly color: string | null
  readonly supportPhone: string | null
  readonly supportUrl: string | null
  readonly termsUrl: string | null
  readonly platformTermsUrl: string | null
  readonly privacyPolicyUrl: string | null
  readonly upsellUrl: string | null
  readonly smtpOverride: number
  readonly smtpServer: string
  readonly smtpPort: number
  readonly smtpEncryption: '' | 'SSL' | 'TLS'
  readonly smtpUser: string
  /** Always '' when it was read; '' keeps the stored one. */
  readonly smtpPassword: string
  readonly smtpReplyAddress: string
}

export interface BrandView {
  readonly tenantId: string
  readonly tenantName: string
  readonly enabled: boolean
  readonly options: BrandOptions
  readonly hasSmtpPassword: boolean
  readonly logoUrl: string | null
  readonly mailFailure: { readonly at: string; readonly reason: string } | null
  readonly version: number
}

/** A part of the form: what is edited, and how one thing of it changes. */
export interface Editing {
  readonly options: BrandOptions
  readonly change: (part: Partial<BrandOptions>) => void
  readonly errorOf: (field: string) => string | undefined
}

import type { TenantId } from '../kernel/ids.ts'

export type SettingValue = string | boolean | number | Readonly<Record<string, unknown>> | null

/** What a tenant sets for itself and those below it. */
export interface OwnSetting {
  readonly value: SettingValue
  /** Those below may not set another. */
  readonly lock: boolean
  /** For this tenant alone: those below inherit from above it. */
  readonly exclusive: boolean
}

/** A step of a ladder of editions. */
export interface Edition {
  readonly name: string
  /** What the names of its items begin with. */
  readonly prefix: string
  /** Editions are higher or lower within one ladder only. */
  readonly ladder: string
  readonly step: number
}

declare module '../platform/db.ts' {
  interface Database {
    tenant_settings: {
      tenant_id: TenantId
      application_id: string
      name: string
      /** `{"value": …}`, so that null is a value too. */
      content: { readonly value: SettingValue }
      lock: boolean
      exclusive: boolean
      updated_at: Date
    }
    application_switches: { tenant_id: TenantId; application_id: string; enabled: boolean; updated_at: Date }
    offering_switches: { tenant_id: TenantId; item_name: string; enabled: boolean; updated_at: Date }
    tenant_editions: { tenant_id: TenantId; edition: string; updated_at: Date }
  }
}

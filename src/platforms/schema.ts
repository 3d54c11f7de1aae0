import type { SellerId, TenantId, UserId } from '../kernel/ids.ts'

declare module '../platform/db.ts' {
  interface Database {
    platforms: { seller_id: SellerId; name: string }
    platform_tenants: { seller_id: SellerId; platform: string; id: string }
    platform_users: { seller_id: SellerId; platform: string; id: string }
    platform_quotas: { seller_id: SellerId; platform: string; tenant: string; usage_name: string }
    platform_raises: { seller_id: SellerId; subscription_id: string; usage_name: string }
  }
}

/** Another platform that speaks the compatible API, as a seller registered it. `secret` is sealed. */
export interface Platform {
  readonly sellerId: SellerId
  readonly name: string
  readonly title: string
  /** Without a path: `https://dc.example`. */
  readonly baseUrl: string
  readonly clientId: string
  readonly secret: Buffer
  readonly enabled: boolean
}

/** A tenant of a platform with ours that stands for it. */
export interface MirroredTenant {
  readonly sellerId: SellerId
  readonly platform: string
  /** The platform's. */
  readonly id: string
  /** The platform's; its own id for a customer. */
  readonly customerId: string
  /** The platform's user whose personal tenant it is. */
  readonly ownerId: string | null
  readonly version: bigint
  readonly tenantId: TenantId
}

export interface MirroredUser {
  readonly id: string
  readonly customerId: string
  readonly version: bigint
  readonly userId: UserId | null
  readonly problem: string | null
}

/** Bytes of storage, counts of anything else; a value of null is unlimited. */
export interface ForeignQuota {
  readonly value: bigint | null
  readonly overage: bigint | null
  readonly version: bigint
}

/** What a platform says of one item of a tenant. */
export interface ForeignUsage {
  readonly usageName: string
  readonly applicationId: string
  readonly item: string
  readonly infraId: string | null
  /** "API v1 id" of the tenant: the number in upsell links. */
  readonly number: bigint | null
  readonly used: bigint
  readonly quota: ForeignQuota
}

/** A raise that was begun: what was read, and what was asked for. */
export interface BegunRaise {
  readonly toUnits: bigint
  readonly fromValue: bigint
  readonly fromVersion: bigint
  readonly toValue: bigint
}

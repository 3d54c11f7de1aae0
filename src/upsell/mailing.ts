import type { ShownCounter } from './shown.ts'
import type { CorrelationId, SellerId, TenantId, UserId } from '../kernel/ids.ts'
import type { IsOwnUpgrade } from './facts-view.ts'

export interface QuotaMailDeps {
  readonly isOwnUpgrade: IsOwnUpgrade
  readonly shown: Pick<ShownCounter, 'note'>
  /** Where someone ends these mails with one click. */
  readonly stopUrlOf: (sellerId: SellerId, userId: UserId) => string
  /** Where staff see a tenant's usage and quotas. */
  readonly poolUrlOf: (sellerId: SellerId, tenantId: TenantId) => string
}

/** A crossing of a line, to be told to one person. */
export interface Mailing {
  readonly sellerId: SellerId
  readonly tenantId: TenantId
  readonly userId: UserId
  readonly usageName: string
  readonly alertId: string
  readonly correlationId: CorrelationId
  readonly at: Date
}

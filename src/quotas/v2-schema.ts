import { z } from 'zod'
import { BACKUP, STORAGE_ID } from '../applications/index.ts'
import { Instant, Uuid } from '../platform/http/schemas.ts'
import type { TenantItem } from './offering-view.ts'

/** Whole numbers of API v2 are JSON numbers: bytes of storage fit until 8 PiB. */
const Units = z.codec(z.int().nonnegative(), z.bigint().nonnegative(), { decode: BigInt, encode: Number })

/** facts/acronis-upsell.md §5.1: all three are required; `version` is 0 where both are null. */
export const QuotaV2 = z.object({
  value: Units.nullable().meta({ description: 'The soft quota, grants of subscriptions included; null: unlimited' }),
  overage: Units.nullable().meta({ description: 'null: soft. Else the hard limit is value + overage' }),
  version: Units,
})
export type QuotaV2 = z.output<typeof QuotaV2>

const Type = z.enum(['count', 'feature', 'infra'])
const Unit = z.enum(['bytes', 'quantity', 'seconds', 'n/a'])

export const OfferingItemV2 = z.object({
  applicationId: Uuid,
  name: z.string(),
  edition: z.string().nullable(),
  usageName: z.string(),
  tenantId: Uuid,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
  status: z.int().min(0).max(1),
  locked: z.boolean(),
  type: Type,
  infraId: Uuid.optional(),
  measurementUnit: Unit,
  quota: QuotaV2.optional().meta({ description: 'Missing where the item is off' }),
})

export const UsageV2 = z.object({
  applicationId: Uuid,
  name: z.string(),
  edition: z.string().nullable(),
  usageName: z.string(),
  type: Type,
  measurementUnit: Unit,
  infraId: Uuid.optional(),
  tenantUuid: Uuid,
  tenantId: z.int().meta({ description: 'API v1 id: the `tenant_id` of upsell links' }),
  rangeStart: Instant,
  absoluteValue: Units,
  value: Units,
  offeringItem: z.object({ status: z.int().min(0).max(1), quota: QuotaV2.optional() }).optional(),
})

const UNLIMITED: QuotaV2 = { value: null, overage: null, version: 0n }

function quotaOf({ isOn, quota }: TenantItem): { quota?: QuotaV2 } {
  if (!isOn) return {}
  if (!quota || quota.value === null) return { quota: UNLIMITED }
  return { quota: { value: quota.value, overage: quota.overage, version: quota.version } }
}

const commonOf = ({ item }: TenantItem) => ({
  applicationId: BACKUP.id,
  name: item.name,
  edition: item.edition,
  usageName: item.usageName,
  type: item.type,
  measurementUnit: item.measurementUnit,
  ...(item.type === 'infra' && { infraId: STORAGE_ID }),
})

export const presentItem = (each: TenantItem): z.output<typeof OfferingItemV2> => ({
  ...commonOf(each),
  tenantId: each.tenantId,
  updatedAt: each.updatedAt,
  deletedAt: null,
  status: each.isOn ? 1 : 0,
  locked: false,
  ...quotaOf(each),
})

/** Usages count what is used now; `range_start` is the first of the month. */
export const presentUsage = (each: TenantItem, number: bigint, now: Date): z.output<typeof UsageV2> => ({
  ...commonOf(each),
  tenantUuid: each.tenantId,
  tenantId: Number(number),
  rangeStart: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())),
  absoluteValue: each.used ?? 0n,
  value: each.used ?? 0n,
  offeringItem: { status: each.isOn ? 1 : 0, ...quotaOf(each) },
})

import { call, query } from '../api.ts'
import type { UsageItem } from './types.ts'

/** So many days are shown. */
export const DAYS = 60

export interface TenantUsage {
  readonly tenant: { readonly id: string; readonly name: string; readonly kind: string }
  readonly items: readonly UsageItem[]
}

const RANK = ['exceeded', 'reached', 'almost_reached', 'fine'] as const

/** A tenant's quotas with their history, the worst first; or one of them, whether it was ever set or not. */
export async function readHistory(tenantId: string, usageName: string | null = null): Promise<TenantUsage> {
  const wish = query({ days: String(DAYS), usage_name: usageName })
  const { tenant, items } = await call<TenantUsage>(`/tenants/${tenantId}/usage-history${wish}`)
  return { tenant, items: items.toSorted((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state)) }
}

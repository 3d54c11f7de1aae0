import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { changeBrand } from './change-brand.ts'
import type { BrandOptions, BrandSettings } from './schema.ts'

export interface NewBrand {
  readonly tenantId: TenantId
  /** What differs from the options stored before, else from the defaults. */
  readonly settings?: Partial<BrandOptions>
}

/** Gives a tenant and all below it a look of its own, whatever it had before: `changeBrand` in its shortest form. */
export async function enableBrand(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  { tenantId, settings }: NewBrand,
): Promise<BrandSettings> {
  const { brand } = await changeBrand(db, clock, actor, { tenantId, enabled: true, options: settings })
  return brand.settings
}

import { effectiveBrand, enableBrand } from '../branding/index.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction } from '../platform/db.ts'
import { setCanonicalDomain, type StoreEntry } from '../stores/index.ts'
import { tenantOf } from '../tenants/index.ts'

const buyUrl = (origin: string): string => `${origin}/upgrade`

/**
 * Moves the demonstration store to where the installation is reached now (another port, a public name), with the Buy
 * URL and the support page of its brand: until someone edits them (spec/api.md "Demonstration store").
 */
export async function followPublicUrl(
  db: Db,
  clock: Clock,
  operator: Principal,
  { storeId, sellerId, origin: former }: Pick<StoreEntry, 'storeId' | 'sellerId' | 'origin'>,
  publicUrl: string,
): Promise<void> {
  if (former === publicUrl) return
  const tenantId = tenantOf(sellerId)
  const { upsellUrl, supportUrl } = await effectiveBrand(db, tenantId)
  const isAsLoaded = upsellUrl === buyUrl(former)
  // Of an address that somebody chose instead, the Buy URL says nothing any more.
  if (!isAsLoaded && new URL(former).hostname !== 'localhost') return
  const settings = {
    ...(isAsLoaded && { upsell_url: buyUrl(publicUrl) }),
    ...(supportUrl === `${former}/` && { support_url: `${publicUrl}/` }),
  }
  await transaction(db, async (tx) => {
    await setCanonicalDomain(tx, clock, operator, { storeId, origin: publicUrl })
    if (Object.keys(settings).length > 0) await enableBrand(tx, clock, operator, { tenantId, settings })
  })
}

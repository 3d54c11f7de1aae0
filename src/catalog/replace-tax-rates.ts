import { sql } from 'kysely'
import { differences } from '../kernel/differences.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit } from '../platform/events/publish.ts'
import { aboutCatalog, changeDetails } from './catalog-audit.ts'
import { listTaxRates } from './own-catalog.ts'
import type { TaxRate } from './schema.ts'
import { raiseVersions, setTaxRate } from './write-catalog.ts'

/** Makes a seller's tax rates those that are given, and no others. Orders that are placed keep theirs. */
export async function replaceTaxRates(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  sellerId: SellerId,
  rates: readonly TaxRate[],
): Promise<void> {
  await transaction(db, async (tx) => {
    const changes = differences(byPlace(await listTaxRates(tx, sellerId)), byPlace(rates))
    if (changes.length === 0) return
    const at = clock.now()
    await sql`delete from tax_rates where seller_id = ${sellerId}`.execute(tx)
    await raiseVersions(tx, sellerId, null, at)
    for (const rate of rates) await setTaxRate(tx, sellerId, rate, at)
    const about = aboutCatalog(actor, sellerId, { kind: 'price_list', id: sellerId }, at)
    await audit(tx, { ...about, action: 'tax_rates.replace', details: changeDetails(changes) })
  })
}

const byPlace = (rates: readonly TaxRate[]) =>
  Object.fromEntries(rates.map(({ country, customerType, ...rate }) => [`${country} ${customerType}`, rate]))

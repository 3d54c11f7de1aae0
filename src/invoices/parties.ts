import type { Account } from '../accounts/index.ts'
import type { SellerId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { BuyerParty, InvoiceSettings, SellerParty } from './schema.ts'
import { sellerFacts } from './source-view.ts'

/** Who issues, as settings, tenant and store say today. */
export async function sellerOf(
  db: Db | Tx,
  sellerId: SellerId,
  settings: Omit<InvoiceSettings, 'version'>,
): Promise<SellerParty> {
  const tenant = await sellerFacts(db, sellerId)
  return {
    name: settings.name || tenant.name,
    address: settings.address,
    country: settings.country,
    vatId: settings.vatId,
    registration: settings.registration,
    email: settings.email,
    footer: settings.footer,
    bankDetails: tenant.bankDetails,
  }
}

/** Who owes, as their account says today. */
export const buyerOf = (account: Account): BuyerParty => ({
  number: account.number.toString(),
  name: account.name,
  companyName: account.companyName,
  customerType: account.customerType,
  vatId: account.vatId,
  country: account.country,
  region: account.region,
  city: account.city,
  street: account.street,
  zip: account.zip,
})

import { sql } from 'kysely'
import type { OrderId, SellerId, SubscriptionId, TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'

export interface Trial {
  readonly accountId: TenantId
  readonly subscriptionId: SubscriptionId
  readonly emails: readonly string[]
  /** Accounts that have tried the product and look like the same payer. */
  readonly samePayers: readonly string[]
}

/** Of a phone number its digits; of an address the mailbox without what follows a plus. */
const PHONE = (alias: string) => sql`regexp_replace(${sql.ref(`${alias}.phone`)}, '\\D', '', 'g')`
const MAILBOX = (alias: string) => sql`regexp_replace(${sql.ref(`${alias}.email`)}, '\\+[^@]*@', '@')`

/**
 * What there is to know of an order of a trial; undefined for any other order. The same payer: the VAT number, the
 * phone, company and postcode, or the mailbox of a user are the same.
 */
export async function findTrial(db: Db | Tx, sellerId: SellerId, orderId: OrderId): Promise<Trial | undefined> {
  const { rows } = await sql<Trial>`
    select o.account_id as "accountId", o.subscription_id as "subscriptionId",
           array(select u.email from users u where u.seller_id = o.seller_id and u.tenant_id = o.account_id) as emails,
           array(select n.name
                   from trials_used w
                   join accounts b on b.seller_id = w.seller_id and b.tenant_id = w.account_id
                   join tenants n on n.id = b.tenant_id
                  where w.seller_id = o.seller_id and w.product_id = t.product_id and w.account_id <> o.account_id
                    and ((a.vat_id <> '' and b.vat_id = a.vat_id)
                      or (length(${PHONE('a')}) >= 7 and ${PHONE('b')} = ${PHONE('a')})
                      or (a.company_name <> '' and a.zip <> '' and lower(b.company_name) = lower(a.company_name) and b.zip = a.zip)
                      or exists (select from users u join users v on v.seller_id = u.seller_id and ${MAILBOX('v')} = ${MAILBOX('u')}
                                  where u.seller_id = o.seller_id and u.tenant_id = o.account_id and v.tenant_id = b.tenant_id))
                  order by n.name limit 5) as "samePayers"
      from orders o
      join trials_used t on t.seller_id = o.seller_id and t.subscription_id = o.subscription_id
      join accounts a on a.seller_id = o.seller_id and a.tenant_id = o.account_id
     where o.seller_id = ${sellerId} and o.id = ${orderId}`.execute(db)
  return rows[0]
}

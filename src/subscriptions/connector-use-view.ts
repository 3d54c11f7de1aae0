import { sql } from 'kysely'
import { type ConnectorUseOf, sellersServedBy } from '../provisioning/index.ts'
import { visibleTo } from '../tenants/index.ts'

/** What names a service of a seller, at it and at the resellers below that have none of that name (a reviewed fan-out). */
export const connectorUseOf: ConnectorUseOf = async (db, actor, sellerId, name) => {
  const { rows } = await sql<{ plans: string[]; plansOutOfSight: number; subscriptions: number }>`
    with served as materialized (${sellersServedBy(sellerId, name)}),
         named as materialized (
           select p.id, p.name, ${visibleTo(actor, 'served')} as is_seen from plans p join served on served.id = p.seller_id
            where p.connector = ${name} and p.status <> 'retired')
    select array(select n.name from named n where n.is_seen order by n.name, n.id) as plans,
           (select count(*)::integer from named n where not n.is_seen) as "plansOutOfSight",
           (select count(*)::integer from subscriptions s join served on served.id = s.seller_id
             where s.connector = ${name} and s.status not in ('cancelled', 'deleted')) as subscriptions`.execute(db)
  return rows[0] ?? { plans: [], plansOutOfSight: 0, subscriptions: 0 }
}

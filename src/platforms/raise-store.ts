import { sql } from 'kysely'
import type { SellerId, SubscriptionId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { BegunRaise, MirroredTenant } from './schema.ts'

/** What a subscription has raised one quota of a tenant there by. */
export interface Raise {
  readonly usageName: string
  readonly revision: bigint
  readonly units: bigint
  /** Its end was not seen. */
  readonly begun: BegunRaise | null
}

interface RaiseKey {
  readonly sellerId: SellerId
  readonly subscriptionId: SubscriptionId
  readonly usageName: string
}

export async function listRaises(db: Db, sellerId: SellerId, subscriptionId: SubscriptionId): Promise<Raise[]> {
  const { rows } = await sql<{
    usageName: string
    revision: bigint
    units: bigint
    toUnits: bigint | null
    fromValue: bigint | null
    fromVersion: bigint | null
    toValue: bigint | null
  }>`
    select usage_name as "usageName", revision, units, to_units as "toUnits", from_value as "fromValue",
           from_version as "fromVersion", to_value as "toValue"
      from platform_raises where seller_id = ${sellerId} and subscription_id = ${subscriptionId} order by usage_name`.execute(
    db,
  )
  return rows.map(({ usageName, revision, units, toUnits, fromValue, fromVersion, toValue }) => ({
    usageName,
    revision,
    units,
    begun:
      toUnits === null || fromValue === null || fromVersion === null || toValue === null
        ? null
        : { toUnits, fromValue, fromVersion, toValue },
  }))
}

/** Says what is about to be asked for, before it is. */
export async function beginRaise(
  db: Db,
  { sellerId, subscriptionId, usageName }: RaiseKey,
  { platform, id }: MirroredTenant,
  revision: bigint,
  { toUnits, fromValue, fromVersion, toValue }: BegunRaise,
  at: Date,
): Promise<void> {
  await sql`
    insert into platform_raises (seller_id, subscription_id, usage_name, platform, tenant, revision, to_units, from_value, from_version, to_value, updated_at)
    values (${sellerId}, ${subscriptionId}, ${usageName}, ${platform}, ${id}, ${revision}, ${toUnits}, ${fromValue}, ${fromVersion}, ${toValue}, ${at})
    on conflict (seller_id, subscription_id, usage_name) do update
       set platform = excluded.platform, tenant = excluded.tenant, revision = excluded.revision, to_units = excluded.to_units,
           from_value = excluded.from_value, from_version = excluded.from_version, to_value = excluded.to_value, updated_at = excluded.updated_at`.execute(
    db,
  )
}

/** It is there. @returns Whether that is news. */
export async function endRaise(
  tx: Tx,
  { sellerId, subscriptionId, usageName }: RaiseKey,
  { platform, id }: MirroredTenant,
  { revision, units, at }: { readonly revision: bigint; readonly units: bigint; readonly at: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into platform_raises (seller_id, subscription_id, usage_name, platform, tenant, revision, units, updated_at)
    values (${sellerId}, ${subscriptionId}, ${usageName}, ${platform}, ${id}, ${revision}, ${units}, ${at})
    on conflict (seller_id, subscription_id, usage_name) do update
       set revision = excluded.revision, units = excluded.units, to_units = null, from_value = null, from_version = null,
           to_value = null, last_error = null, updated_at = excluded.updated_at
     where platform_raises.units <> excluded.units or platform_raises.to_units is not null
    returning usage_name`.execute(tx)
  return rows.length === 1
}

/** What went wrong last, for whoever looks. */
export async function noteRaiseError(
  db: Db,
  key: RaiseKey,
  tenant: MirroredTenant,
  error: string,
  at: Date,
): Promise<void> {
  await sql`
    insert into platform_raises (seller_id, subscription_id, usage_name, platform, tenant, revision, last_error, updated_at)
    values (${key.sellerId}, ${key.subscriptionId}, ${key.usageName}, ${tenant.platform}, ${tenant.id}, 0, ${error}, ${at})
    on conflict (seller_id, subscription_id, usage_name) do update set last_error = excluded.last_error, updated_at = excluded.updated_at`.execute(
    db,
  )
}

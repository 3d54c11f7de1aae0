import { sql } from 'kysely'
import type { TenantId } from '../kernel/ids.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { TenantProfile } from './schema.ts'
import { COLUMNS } from './store.ts'
import { visibleOrDeleted, visibleTo } from './visible.ts'

const PROFILE_COLUMNS = [
  ...COLUMNS,
  'tenants.customer_type as customerType',
  'tenants.customer_id as customerId',
  'tenants.internal_tag as internalTag',
  'tenants.contact',
  'tenants.billing_contact as billingContact',
  'tenants.update_locked_by as updateLockedBy',
  'tenants.pricing_mode as pricingMode',
  'tenants.pricing_currency as pricingCurrency',
  'tenants.pricing_version as pricingVersion',
  'tenants.production_start_at as productionStartAt',
  'tenants.owner_id as ownerId',
  'tenants.default_idp_id as defaultIdpId',
  'tenants.deleted_at as deletedAt',
] as const

const hasChildren = sql<boolean>`exists (select from tenants child where child.parent_id = tenants.id and child.deleted_at is null)`

/** Every tenant that the actor sees, with all that the compatible API tells of it. */
export const profiles = (db: Db | Tx, actor: { readonly path: string }, allowDeleted = false) =>
  db
    .selectFrom('tenants')
    .where(allowDeleted ? visibleOrDeleted(actor) : visibleTo(actor))
    .select(PROFILE_COLUMNS)
    .select(hasChildren.as('hasChildren'))

export const findProfile = (
  db: Db | Tx,
  actor: { readonly path: string },
  id: TenantId,
  allowDeleted = false,
): Promise<TenantProfile | undefined> =>
  profiles(db, actor, allowDeleted).where('tenants.id', '=', id).executeTakeFirst()

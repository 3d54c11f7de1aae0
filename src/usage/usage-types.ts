import { sql } from 'kysely'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { claimTenant, getTenant, isSeller, type Tenant } from '../tenants/index.ts'
import { isStandardUsage } from '../link/index.ts'
import { UsageName } from './schema.ts'

/** A usage that a provider counts beside the usual ones, for itself and those below it. */
export interface UsageType {
  readonly tenantId: TenantId
  readonly usageName: string
  readonly title: string
  readonly measurementUnit: 'bytes' | 'quantity'
  readonly version: bigint
}

/** Whether anybody at or below a provider counts or limits a usage; quotas, above, tell. */
export type IsInUse = (tx: Tx, provider: Pick<Tenant, 'path'>, usageName: string) => Promise<boolean>

/** What is left out stays. */
interface UsageTypeChange {
  readonly title?: string | undefined
  readonly measurementUnit?: UsageType['measurementUnit'] | undefined
}

interface Key {
  readonly tenantId: TenantId
  readonly usageName: string
}

/** Those that hold at a tenant: its own and those of providers above it, of one name the nearest. @throws {BuylinkError} `not_found` */
export async function listUsageTypes(db: Db | Tx, actor: Principal, tenantId: TenantId): Promise<UsageType[]> {
  await getTenant(db, actor, tenantId)
  const { rows } = await sql<UsageType>`
    select distinct on (y.usage_name) y.tenant_id as "tenantId", y.usage_name as "usageName", y.title,
           y.measurement_unit as "measurementUnit", y.version
      from tenants asked join tenants owner on owner.path @> asked.path join usage_types y on y.tenant_id = owner.id
     where asked.id = ${tenantId}
     order by y.usage_name, nlevel(owner.path) desc`.execute(db)
  return rows
}

/** A provider's own. @throws {BuylinkError} `not_found` */
export async function getUsageType(db: Db | Tx, actor: Principal, { tenantId, usageName }: Key): Promise<UsageType> {
  await getTenant(db, actor, tenantId)
  const found = await findOwn(db, { tenantId, usageName })
  if (!found) throw new BuylinkError('not_found', 'This provider has defined no such usage.')
  return found
}

/**
 * Defines a usage, or changes its title; publishes `usage_type.updated`.
 *
 * @param ifVersion What was read; undefined: there is none yet.
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable`: not a provider, one of the usual ones, or
 *   another unit for what is counted or limited already.
 */
export async function putUsageType(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  isInUse: IsInUse,
  change: Key & UsageTypeChange & { readonly ifVersion: bigint | undefined },
): Promise<UsageType> {
  return transaction(db, async (tx) => {
    const tenant = await claimProvider(tx, actor, change)
    const before = await findOwn(tx, change)
    if (before?.version !== change.ifVersion)
      throw new BuylinkError('version_mismatch', 'The usage was defined or changed meanwhile: read it again.')
    const { tenantId, usageName, title = before?.title } = change
    const measurementUnit = change.measurementUnit ?? before?.measurementUnit ?? 'quantity'
    if (title === undefined)
      throw new BuylinkError('invalid_request', 'title: Is required.', {
        problems: [{ path: 'title', code: 'required', message: 'Is required' }],
      })
    if (before && before.measurementUnit !== measurementUnit && (await isInUse(tx, tenant, change.usageName)))
      throw new BuylinkError('unprocessable', 'It is counted or limited already, so its unit stays.')
    const at = clock.now()
    await sql`
      insert into usage_types as y (tenant_id, usage_name, title, measurement_unit, created_at, updated_at)
      values (${tenantId}, ${usageName}, ${title}, ${measurementUnit}, ${at}, ${at})
      on conflict (tenant_id, usage_name)
      do update set title = excluded.title, measurement_unit = excluded.measurement_unit, version = y.version + 1,
                    updated_at = excluded.updated_at`.execute(tx)
    await tell(tx, tenant, actor, at, usageName, { title, measurement_unit: measurementUnit })
    return getUsageType(tx, actor, change)
  })
}

/**
 * Takes a usage away that nobody counts or limits; publishes `usage_type.updated`.
 *
 * @throws {BuylinkError} `not_found`; `version_mismatch`; `unprocessable`: it is in use.
 */
export async function deleteUsageType(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  isInUse: IsInUse,
  key: Key & { readonly ifVersion: bigint | undefined },
): Promise<void> {
  await transaction(db, async (tx) => {
    const tenant = await claimProvider(tx, actor, key)
    const { version } = await getUsageType(tx, actor, key)
    if (key.ifVersion === undefined)
      throw new BuylinkError('precondition_required', 'Send If-Match with the ETag of the usage that you read.')
    if (version !== key.ifVersion)
      throw new BuylinkError('version_mismatch', 'The usage was changed meanwhile: read it again.')
    if (await isInUse(tx, tenant, key.usageName))
      throw new BuylinkError('unprocessable', 'It is counted or limited at this provider or below: it stays.')
    await sql`delete from usage_types where tenant_id = ${key.tenantId} and usage_name = ${key.usageName}`.execute(tx)
    await tell(tx, tenant, actor, clock.now(), key.usageName, { removed: true })
  })
}

/** The provider's row stays locked, so that of two definitions at once one comes second. */
async function claimProvider(tx: Tx, actor: Principal, { tenantId, usageName }: Key): Promise<Tenant> {
  const tenant = await claimTenant(tx, actor, tenantId, undefined)
  if (!isSeller(tenant.kind)) throw new BuylinkError('unprocessable', 'Only a partner or the root defines usages.')
  if (!UsageName.safeParse(usageName).success)
    throw new BuylinkError('unprocessable', 'The name must be 1 to 64 of the characters a-z 0-9 _.')
  if (isStandardUsage(usageName)) throw new BuylinkError('unprocessable', `${usageName} is there for everybody.`)
  return tenant
}

async function findOwn(db: Db | Tx, { tenantId, usageName }: Key): Promise<UsageType | undefined> {
  const { rows } = await sql<UsageType>`
    select tenant_id as "tenantId", usage_name as "usageName", title, measurement_unit as "measurementUnit", version
      from usage_types where tenant_id = ${tenantId} and usage_name = ${usageName}`.execute(db)
  return rows[0]
}

async function tell(tx: Tx, tenant: Tenant, actor: Principal, at: Date, usageName: string, details: object) {
  const about = {
    sellerId: tenant.sellerId,
    subject: { kind: 'usage_type', id: `${tenant.id}/${usageName}` },
    tenantId: tenant.id,
    actor,
    correlationId: actor.correlationId,
    at,
  }
  const payload = { usage_name: usageName, ...details }
  await publish(tx, { ...about, type: 'usage_type.updated', payload })
  await audit(tx, { ...about, action: 'usage_type.update', details: payload })
}

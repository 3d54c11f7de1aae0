import { BuylinkError } from '../kernel/errors.ts'
import type { Clock } from '../kernel/time.ts'
import type { Principal } from '../platform/actor.ts'
import { type Db, transaction, type Tx } from '../platform/db.ts'
import { audit, publish } from '../platform/events/publish.ts'
import { claimTenant, type Tenant } from '../tenants/index.ts'
import { chainOf, knownSetting, readSetting, type Setting } from './read-setting.ts'
import type { OwnSetting } from './schema.ts'
import { removeSetting, saveSetting, type SettingKey } from './store.ts'

/**
 * Sets a tenant's own value; what is not given stays, at first as it is inherited. Publishes `setting.updated`.
 *
 * @throws {BuylinkError} `not_found`; `unprocessable`: a tenant above has locked it; `invalid_request`: no such value.
 */
export async function setSetting(
  db: Db | Tx,
  clock: Clock,
  actor: Principal,
  key: SettingKey,
  change: { readonly [Name in keyof OwnSetting]?: OwnSetting[Name] | undefined },
): Promise<Setting> {
  const { byDefault, value: schema } = knownSetting(key)
  return transaction(db, async (tx) => {
    const tenant = await claimTenant(tx, actor, key.tenantId, undefined)
    const { own, inherited } = await chainOf(tx, key, byDefault)
    if (inherited.lock) throw new BuylinkError('unprocessable', 'A tenant above has locked this setting.')
    const value = schema.safeParse(change.value === undefined ? (own ?? inherited).value : change.value)
    if (!value.success) {
      const problem = { path: 'value', code: 'invalid_type', message: 'Is no value of this setting' }
      throw new BuylinkError('invalid_request', 'value: Is no value of this setting.', { problems: [problem] })
    }
    const setting = {
      value: value.data,
      lock: change.lock ?? own?.lock ?? false,
      exclusive: change.exclusive ?? own?.exclusive ?? false,
    }
    await saveSetting(tx, key, setting, clock.now())
    await tell(tx, clock, actor, tenant, key, { ...setting })
    return readSetting(tx, actor, key)
  })
}

/** Takes a tenant's own value away, so that it inherits again; no matter where there is none. @throws {BuylinkError} `not_found` */
export async function unsetSetting(db: Db | Tx, clock: Clock, actor: Principal, key: SettingKey): Promise<void> {
  knownSetting(key)
  await transaction(db, async (tx) => {
    const tenant = await claimTenant(tx, actor, key.tenantId, undefined)
    if (await removeSetting(tx, key)) await tell(tx, clock, actor, tenant, key, { value: null, removed: true })
  })
}

async function tell(tx: Tx, clock: Clock, actor: Principal, tenant: Tenant, key: SettingKey, details: object) {
  const about = {
    sellerId: tenant.sellerId,
    subject: { kind: 'tenant', id: tenant.id },
    tenantId: tenant.id,
    actor,
    correlationId: actor.correlationId,
    at: clock.now(),
  }
  const payload = { name: key.name, ...details }
  await publish(tx, { ...about, type: 'setting.updated', payload })
  await audit(tx, { ...about, action: 'setting.update', details: payload })
}

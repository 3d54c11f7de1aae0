import { z } from 'zod'
import { BuylinkError } from '../kernel/errors.ts'
import type { TenantId } from '../kernel/ids.ts'
import type { Principal } from '../platform/actor.ts'
import type { Db, Tx } from '../platform/db.ts'
import { findRoot, getTenant } from '../tenants/index.ts'
import { PLATFORM } from './catalogue.ts'
import { appliesOwn, inheritedSetting } from './rules.ts'
import type { OwnSetting, SettingValue } from './schema.ts'
import { listSettingNodes, type SettingKey } from './store.ts'

interface KnownSetting {
  readonly applicationId: string
  readonly value: z.ZodType<SettingValue>
  readonly byDefault: SettingValue
}

/** The settings there are, each of one application. */
const SETTINGS: Readonly<Record<string, KnownSetting>> = {
  // Whether customers are shown the next higher edition (spec/upsell.md "Who sees what").
  PromoteHigherEditions: { applicationId: PLATFORM.id, value: z.boolean(), byDefault: true },
}

export interface Setting {
  readonly name: string
  readonly own: OwnSetting | null
  /** What applies instead of an own value; null where the own one does. */
  readonly effective: {
    readonly owner: { readonly type: 'tenant'; readonly id: string }
    readonly value: SettingValue
    readonly lock: boolean
  } | null
}

/** @throws {BuylinkError} `not_found`: that application has no such setting. */
export function knownSetting({ applicationId, name }: SettingKey): KnownSetting {
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined
  if (setting?.applicationId !== applicationId)
    throw new BuylinkError('not_found', 'This application has no such setting.')
  return setting
}

/** @throws {BuylinkError} `not_found`: no such tenant, application or setting. */
export async function readSetting(db: Db | Tx, actor: Principal, key: SettingKey): Promise<Setting> {
  const { byDefault } = knownSetting(key)
  await getTenant(db, actor, key.tenantId)
  const { own, inherited } = await chainOf(db, key, byDefault)
  if (appliesOwn(own, inherited)) return { name: key.name, own, effective: null }
  const ownerId = inherited.ownerId ?? (await findRoot(db))?.id ?? key.tenantId
  const { value, lock } = inherited
  return { name: key.name, own, effective: { owner: { type: 'tenant', id: ownerId }, value, lock } }
}

/** What applies at the tenant and what comes from above it. */
export async function chainOf(db: Db | Tx, key: SettingKey, byDefault: SettingValue) {
  const nodes = await listSettingNodes(db, key.tenantId, key.applicationId, key.name)
  const own = nodes.at(-1)?.own ?? null
  return { own, inherited: inheritedSetting(nodes.slice(0, -1), byDefault) }
}

/** Whether a tenant's people are shown the next higher edition. */
export async function promotesHigherEditions(db: Db | Tx, tenantId: TenantId): Promise<boolean> {
  const name = 'PromoteHigherEditions'
  const { own, inherited } = await chainOf(db, { tenantId, applicationId: PLATFORM.id, name }, true)
  return (appliesOwn(own, inherited) ? own.value : inherited.value) === true
}

import type { Edition } from './schema.ts'

export interface Application {
  readonly id: string
  readonly name: string
  readonly type: 'platform' | 'backup'
  /** Path on the installation's own origin. */
  readonly path: string
}

/** The panel and portal themselves; settings of tenants hang on it. Every tenant has it. */
export const PLATFORM: Application = {
  id: '0f7e6a10-5c1d-4b6e-9d0e-6d1f3a1c0001',
  name: 'Management Portal',
  type: 'platform',
  path: '/portal',
}

/** What is sold and counted. */
export const BACKUP: Application = {
  id: '0f7e6a10-5c1d-4b6e-9d0e-6d1f3a1c0002',
  name: 'Backup',
  type: 'backup',
  path: '/client',
}

export const APPLICATIONS: readonly Application[] = [PLATFORM, BACKUP]

/** The one place where backups lie; items of type `infra` name it. */
export const STORAGE_ID = '0f7e6a10-5c1d-4b6e-9d0e-6d1f3a1c0010'

export const DEFAULT_EDITION = 'standard'

/** Editions of Backup, each with what its items' names begin with (facts/acronis-upsell.md §5.6). */
export const EDITIONS: readonly Edition[] = [
  { name: 'standard', prefix: '', ladder: 'classic', step: 1 },
  { name: 'advanced', prefix: 'adv_', ladder: 'classic', step: 2 },
  { name: 'disaster_recovery', prefix: 'dre_', ladder: 'classic', step: 3 },
  { name: 'cyber_protect_std', prefix: 'p_', ladder: 'cyber_protect', step: 1 },
  { name: 'cyber_protect_adv', prefix: 'p_adv_', ladder: 'cyber_protect', step: 2 },
  { name: 'cyber_protect_dre', prefix: 'p_dre_', ladder: 'cyber_protect', step: 3 },
  { name: 'per_workload', prefix: 'pw_', ladder: 'per_workload', step: 1 },
  { name: 'per_gigabyte', prefix: 'pg_', ladder: 'per_gigabyte', step: 1 },
  { name: 'pck_per_workload', prefix: 'pw_base_', ladder: 'pck_per_workload', step: 1 },
  { name: 'pck_per_gigabyte', prefix: 'pg_base_', ladder: 'pck_per_gigabyte', step: 1 },
]

/** The five usages of spec/upsell.md "Quotas and usage". */
const USAGES = ['storage', 'workstations', 'servers', 'vms', 'mobiles'] as const

/** A thing that can be switched on for a tenant and carries the quota of its usage. */
export interface Item {
  readonly name: string
  readonly usageName: string
  /** null: a provider's own usage, which is in every edition. */
  readonly edition: string | null
  readonly measurementUnit: 'bytes' | 'quantity'
  readonly type: 'infra' | 'count'
  /** The item without which this one cannot be on. */
  readonly needs: string | null
}

/** What editions have; the edition's storage carries all else of it. */
export const EDITION_ITEMS: readonly Item[] = EDITIONS.flatMap(({ name: edition, prefix }) =>
  USAGES.map((usageName): Item => {
    const isStorage = usageName === 'storage'
    return {
      name: prefix + usageName,
      usageName,
      edition,
      measurementUnit: isStorage ? 'bytes' : 'quantity',
      type: isStorage ? 'infra' : 'count',
      needs: isStorage ? null : `${prefix}storage`,
    }
  }),
)

/** An item of a usage that a provider has defined. */
export const customItem = (usage: {
  readonly usageName: string
  readonly measurementUnit: 'bytes' | 'quantity'
}): Item => ({ ...usage, name: usage.usageName, edition: null, type: 'count', needs: null })

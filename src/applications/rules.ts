import type { TenantKind } from '../tenants/schema.ts'
import type { Edition, OwnSetting, SettingValue } from './schema.ts'

/** A tenant on the way from the root down to the one that is asked about, with what it sets itself. */
export interface SettingNode {
  readonly tenantId: string
  readonly own: OwnSetting | null
}

export interface InheritedSetting {
  /** null: nobody set it, the default applies. */
  readonly ownerId: string | null
  readonly value: SettingValue
  readonly lock: boolean
}

/**
 * What comes to a tenant from above (facts/acronis-upsell.md §2.4): the nearest value, passing over exclusive ones, and
 * over all below a locked one. An exclusive value binds nobody below, locked or not.
 *
 * @param above Ancestors from the root down, without the tenant itself.
 */
export function inheritedSetting(above: readonly SettingNode[], byDefault: SettingValue): InheritedSetting {
  let inherited: InheritedSetting = { ownerId: null, value: byDefault, lock: false }
  for (const { tenantId, own } of above) {
    if (inherited.lock) break
    if (own && !own.exclusive) inherited = { ownerId: tenantId, value: own.value, lock: own.lock }
  }
  return inherited
}

/** What applies: the tenant's own value, unless one above is locked. */
export function appliesOwn(own: OwnSetting | null, inherited: InheritedSetting): own is OwnSetting {
  return own !== null && !inherited.lock
}

/** The next higher edition of the same ladder among those offered; undefined: there is none. */
export function nextHigherEdition(
  editions: readonly Edition[],
  current: string,
  offered: ReadonlySet<string>,
): string | undefined {
  const from = editions.find(({ name }) => name === current)
  return editions
    .filter(({ name, ladder, step }) => ladder === from?.ladder && step > from.step && offered.has(name))
    .toSorted((a, b) => a.step - b.step)
    .at(0)?.name
}

export const EDITION_WARNINGS = [
  'OldFeaturesBecomeUnavailable',
  'NewFeaturesBecomeAvailable',
  'SomePlansWillStopWorking',
  'AllDevicesWithBackupsPreserved',
  'UsageStatisticsWillMigrate',
  'AdvCyberProtectBecomeUnavailable',
] as const
export type EditionWarning = (typeof EDITION_WARNINGS)[number]

/** What a switch from one edition to another means for the customer (facts/acronis-upsell.md §5.6); none where nothing changes. */
export function editionWarnings(editions: readonly Edition[], from: string, to: string): EditionWarning[] {
  const [before, after] = [from, to].map((name) => editions.find((edition) => edition.name === name))
  if (!before || !after || before === after) return []
  const isOneLadder = before.ladder === after.ladder
  const loses = !isOneLadder || after.step < before.step
  const gains = !isOneLadder || after.step > before.step
  const leavesAdvancedProtection =
    before.ladder === 'cyber_protect' && before.step > 1 && !(after.ladder === before.ladder && after.step > 1)
  return EDITION_WARNINGS.filter(
    (warning) =>
      ({
        OldFeaturesBecomeUnavailable: loses,
        NewFeaturesBecomeAvailable: gains,
        SomePlansWillStopWorking: loses,
        AllDevicesWithBackupsPreserved: true,
        UsageStatisticsWillMigrate: true,
        AdvCyberProtectBecomeUnavailable: leavesAdvancedProtection,
      })[warning],
  )
}

/** A tenant on the way from the root down, with what of the offering it has switched. */
export interface OfferingNode {
  readonly kind: TenantKind
  /** Of customers and what lies below them; null above. */
  readonly edition: string | null
  readonly switches: ReadonlyMap<string, boolean>
}

interface Offered {
  readonly name: string
  readonly edition: string | null
}

/**
 * Whether an item is on at the last of the tenants. It never is where it is off above. Who sells has everything unless
 * it is switched off; a customer has what its edition has; units have what their customer has.
 */
export const isOn = (item: Offered, chain: readonly OfferingNode[]): boolean =>
  chain.every((node) => node.switches.get(item.name) ?? isOnByDefault(item, node))

const isOnByDefault = (item: Offered, { kind, edition }: OfferingNode): boolean =>
  kind !== 'customer' || item.edition === null || item.edition === edition

import type { CatalogSnapshot, Plan, PlanPeriod } from '../catalog/schema.ts'
import type { StoreEntry } from '../stores/index.ts'
import { linkBase, periodLink, planLinks } from './plan-links.ts'
import { successorOf } from './rules.ts'

/**
 * The way on from a link to a plan that is retired: the plan that took its place, for the same length of time where it
 * is sold for that. Null where there is none for sale.
 */
export function successorLink(
  store: StoreEntry,
  plan: Plan,
  period: PlanPeriod | undefined,
  snapshot: CatalogSnapshot,
): { readonly name: string; readonly url: string } | null {
  const next = successorOf(plan, snapshot)
  if (!next || next.status !== 'active') return null
  const base = linkBase(store)
  const alike = next.periods.find((each) => each.isPublic && period !== undefined && isSame(each, period))
  const url = alike
    ? periodLink(base, next, alike, snapshot.currency)
    : planLinks(base, next, snapshot.currency).buyNow?.url
  return url === undefined ? null : { name: next.name, url }
}

const isSame = (a: PlanPeriod, b: PlanPeriod): boolean =>
  a.trial === b.trial && a.duration?.unit === b.duration?.unit && a.duration?.value === b.duration?.value

import { z } from 'zod'
import type { Catalog } from '../catalog/index.ts'
import { judgeKey, type Manager, type ManagerDirectory } from '../attribution/index.ts'
import { NOBODY } from '../discounts/rules.ts'
import type { Clock } from '../kernel/time.ts'
import { inspect, type InspectedLink } from '../link/index.ts'
import type { Actor } from '../platform/actor.ts'
import { Amount, NumericId, Whole } from '../platform/http/schemas.ts'
import type { StoreDirectory, StoreEntry } from '../stores/index.ts'
import { isAtOrBelow } from '../tenants/index.ts'
import { judgeLink } from './judge-link.ts'
import { type Problem, priceSelection, stepsOf } from './rules.ts'

const ProblemView = z.object({
  code: z.string(),
  part: z.string(),
  position: z.int().nullable().meta({ description: 'Offset of the pair in the query' }),
  message: z.string(),
  suggestion: z.string().optional(),
})

const Named = z.object({ id: NumericId, name: z.string() })

export const Explanation = z.object({
  valid: z.boolean().meta({ description: 'A customer who clicks it now can order' }),
  store: z.object({ name: z.string(), origin: z.string() }).nullable(),
  product: Named.nullable(),
  plan: Named.nullable(),
  period: z
    .object({
      id: NumericId,
      trial: z.boolean(),
      duration: z.object({ value: z.int(), unit: z.enum(['days', 'months', 'years']) }).nullable(),
    })
    .nullable(),
  resources: z.array(z.object({ id: NumericId, name: z.string(), unit: z.string(), quantity: Whole })),
  lines: z.array(z.object({ description: z.string(), quantity: Whole, net: Amount })),
  net: Amount.nullable(),
  tax: Amount.nullable(),
  total: Amount.nullable().meta({ description: 'Of the order, for a customer whose country is not known' }),
  topup: Amount.nullable(),
  steps: z.array(z.enum(['configure', 'confirm', 'pay'])),
  attributed: z.boolean().nullable().meta({ description: 'Whether its manager key counts here; null without one' }),
  manager: z.object({ name: z.string() }).nullable().meta({ description: 'Told to the reseller’s own people only' }),
  errors: z.array(ProblemView),
  warnings: z.array(ProblemView),
})
export type Explanation = z.output<typeof Explanation>

export interface ExplainDeps {
  readonly stores: StoreDirectory
  readonly catalog: Catalog
  readonly managers: ManagerDirectory
  readonly clock: Clock
}

const NOTHING: Explanation = {
  valid: false,
  store: null,
  product: null,
  plan: null,
  period: null,
  resources: [],
  lines: [],
  net: null,
  tax: null,
  total: null,
  topup: null,
  steps: [],
  attributed: null,
  manager: null,
  errors: [],
  warnings: [],
}

/**
 * What will happen when this link is clicked now, and everything wrong with it, without clicking it
 * (spec/buy-links.md "Writing, explaining, checking").
 *
 * @param host The store that was asked: a query alone is read as one of its own.
 * @param url A buy-link, with or without its scheme, or its query.
 */
export async function explainLink(deps: ExplainDeps, actor: Actor, host: string, url: string): Promise<Explanation> {
  const read = inspect(url)
  const store = storeOf(deps.stores, host, 'error' in read ? (url.split('?', 1)[0] ?? '') : read.draft.base)
  const judged = await judgeLink(deps.catalog, store, read)
  const { plan, period, quantities, topupMinor, errors, warnings, snapshot } = judged
  if ('error' in read || !store || !snapshot) {
    return { ...NOTHING, errors: errors.map(view), warnings: warnings.map(view) }
  }
  const manager = judgeManager(deps.managers, store, read)
  const product = plan && snapshot.products.get(plan.productId)
  const told: Explanation = {
    ...NOTHING,
    store: { name: store.name, origin: store.origin },
    product: product ? { id: product.id, name: product.marketingName } : null,
    plan: plan ? { id: plan.id, name: plan.name } : null,
    period: period ? { id: period.id, trial: period.trial, duration: period.duration } : null,
    attributed: manager.attributed,
    manager: manager.found && mayBeTold(actor, store, manager.found) ? { name: manager.found.name } : null,
    errors: errors.map(view),
    warnings: [...warnings, ...manager.warnings].map(view),
  }
  if (!plan || !period || errors.length > 0) return told
  const selection = {
    planId: plan.id,
    planPeriodId: period.id,
    quantities,
    topupMinor,
    attributes: {},
    skipAllSteps: read.draft.skip_all_steps,
    orderType: null,
    ga: null,
  }
  const stranger = { ...NOBODY, country: null, customerType: 'business', vatId: '', paymentModel: 'prepay' } as const
  const priced = priceSelection(snapshot, selection, stranger, deps.clock.now())
  if ('kind' in priced) return told
  const { quote } = priced
  const money = (amountMinor: bigint) => ({ amountMinor, currency: quote.currency })
  return {
    ...told,
    valid: true,
    resources: plan.resources
      .filter((resource) => resource.isPublic)
      .map(({ id, name, unit, minimum }) => ({ id, name, unit, quantity: priced.quantities.get(id) ?? minimum })),
    lines: quote.lines.map(({ description, quantity, netMinor }) => ({ description, quantity, net: money(netMinor) })),
    net: money(quote.netMinor),
    tax: money(quote.taxMinor),
    total: money(quote.totalMinor),
    topup: topupMinor === null ? null : money(topupMinor),
    steps: stepsOf(priced, selection),
  }
}

/** The store a link leads to: that of its host, or the one that was asked when the link is its external application's. */
function storeOf(stores: StoreDirectory, host: string, base: string): StoreEntry | undefined {
  const asked = stores.resolve(host)
  if (base === '' || base.startsWith('/') || base === asked?.externalApplicationUrl) return asked
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(base) ? base : `https://${base}`)
  return url ? stores.resolve(url.hostname) : undefined
}

/** Whether the link's key counts here. The codec has warned already of one that has a form no key has. */
function judgeManager(
  managers: ManagerDirectory,
  store: StoreEntry,
  read: InspectedLink,
): { attributed: boolean | null; found: Manager | null; warnings: readonly Problem[] } {
  const key = read.draft.manager_key
  if (key === null) {
    return { attributed: read.params['manager_key'] === undefined ? null : false, found: null, warnings: [] }
  }
  const manager = managers.findByKey(key)
  if (manager && judgeKey({ manager, key, sellerPath: store.sellerPath }).kind === 'link') {
    return { attributed: true, found: manager, warnings: [] }
  }
  const warning = {
    code: 'manager_key_unmatched',
    part: 'manager_key',
    position: read.positionOf('manager_key'),
    message: 'The manager key matches no active sales manager of this reseller; the order goes through without one.',
    suggestion: 'Copy the key from the manager’s page; capitals count.',
  }
  return { attributed: false, found: null, warnings: [warning] }
}

/** Staff of the store's reseller or of one above; sales alone hears of nobody but themselves. */
const mayBeTold = (actor: Actor, store: StoreEntry, manager: Manager): boolean =>
  actor.kind !== 'anonymous' &&
  actor.scopes.has('managers:read') &&
  isAtOrBelow(store.sellerPath, actor.path) &&
  (actor.onlyManagerId === null || actor.onlyManagerId === manager.id)

const view = ({ code, part, position, message, suggestion }: Problem): z.output<typeof ProblemView> => ({
  code,
  part,
  position,
  message,
  ...(suggestion === undefined ? {} : { suggestion }),
})

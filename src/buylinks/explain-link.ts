import { z } from 'zod'
import type { Catalog } from '../catalog/index.ts'
import { judgeKey, type ManagerDirectory } from '../attribution/index.ts'
import { inspect } from '../link/index.ts'
import type { Actor } from '../platform/actor.ts'
import { Amount, NumericId, Whole } from '../platform/http/schemas.ts'
import type { StoreDirectory, StoreEntry } from '../stores/index.ts'
import { isAtOrBelow } from '../tenants/index.ts'
import { checkLink, malformedProblem, type Problem, priceSelection, stepsOf } from './rules.ts'

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
 * @param url A buy-link; a query alone is read as one of the store that was asked.
 */
export async function explainLink(deps: ExplainDeps, actor: Actor, host: string, url: string): Promise<Explanation> {
  const store = deps.stores.resolve(URL.parse(url)?.hostname ?? host)
  const problems = storeProblems(store)
  const read = inspect(url)
  if ('error' in read) return { ...NOTHING, errors: [...problems, malformedProblem(read)].map(view) }
  if (!store || problems.length > 0) {
    return { ...NOTHING, errors: [...problems, ...read.errors].map(view), warnings: read.warnings.map(view) }
  }
  const snapshot = await deps.catalog.get(store.sellerId)
  const { plan, period, quantities, topupMinor, errors, warnings } = checkLink(read, snapshot)
  const manager = judgeManager(deps.managers, store, read.draft.manager_key)
  const told: Explanation = {
    ...NOTHING,
    store: { name: store.name, origin: store.origin },
    plan: plan ? { id: plan.id, name: plan.name } : null,
    period: period ? { id: period.id, trial: period.trial, duration: period.duration } : null,
    attributed: manager.attributed,
    manager: manager.name !== null && isStaffOf(actor, store) ? { name: manager.name } : null,
    errors: errors.map(view),
    warnings: [...warnings, ...keyWarnings(manager.attributed, read.positionOf('manager_key'))].map(view),
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
  const priced = priceSelection(snapshot, selection, {
    country: null,
    customerType: 'business',
    paymentModel: 'prepay',
  })
  if ('kind' in priced) return told
  const { quote, product } = priced
  const money = (amountMinor: bigint) => ({ amountMinor, currency: quote.currency })
  return {
    ...told,
    valid: true,
    product: { id: product.id, name: product.marketingName },
    resources: plan.resources.map(({ id, name, unit, minimum }) => ({
      id,
      name,
      unit,
      quantity: priced.quantities.get(id) ?? minimum,
    })),
    lines: quote.lines.map(({ description, quantity, netMinor }) => ({ description, quantity, net: money(netMinor) })),
    net: money(quote.netMinor),
    tax: money(quote.taxMinor),
    total: money(quote.totalMinor),
    topup: topupMinor === null ? null : money(topupMinor),
    steps: stepsOf(priced, selection),
  }
}

/** Problems of the host of a link, before anything of it is read. */
export function storeProblems(store: StoreEntry | undefined): Problem[] {
  if (!store || store.status === 'inactive') {
    return [
      {
        code: 'store_not_found',
        part: 'host',
        position: null,
        message: 'No store answers at this address.',
        suggestion: 'Use a domain of an active store.',
      },
    ]
  }
  if (store.status === 'active') return []
  return [
    {
      code: 'store_unavailable',
      part: 'host',
      position: null,
      message: 'The store is closed for maintenance.',
      suggestion: 'Try again later.',
    },
  ]
}

function judgeManager(managers: ManagerDirectory, store: StoreEntry, key: string | null) {
  if (key === null) return { attributed: null, name: null }
  const manager = managers.findByKey(key)
  const counts = judgeKey({ manager, key, sellerPath: store.sellerPath }).kind === 'link'
  return { attributed: counts, name: counts && manager ? manager.name : null }
}

const keyWarnings = (attributed: boolean | null, position: number | null): Problem[] =>
  attributed === false
    ? [
        {
          code: 'manager_key_unmatched',
          part: 'manager_key',
          position,
          message:
            'The manager key matches no active sales manager of this reseller; the order goes through without one.',
          suggestion: 'Copy the key from the manager’s page; capitals count.',
        },
      ]
    : []

const isStaffOf = (actor: Actor, store: StoreEntry): boolean =>
  actor.kind !== 'anonymous' && actor.scopes.has('managers:read') && isAtOrBelow(store.sellerPath, actor.path)

const view = ({ code, part, position, message, suggestion }: Problem): z.output<typeof ProblemView> => ({
  code,
  part,
  position,
  message,
  ...(suggestion === undefined ? {} : { suggestion }),
})

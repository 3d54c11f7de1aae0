import type { Difference } from '../kernel/differences.ts'

interface Read {
  readonly products?: readonly { readonly id: string; readonly plans?: readonly { readonly id: string }[] }[]
}

/**
 * Products whose plans stand in another order, by what `readConfiguration` gives. The order is no field of a plan, so it
 * is compared by itself; what is new or gone is told already.
 */
export function orderDifferences(before: Read, after: Read): Difference[] {
  const former = new Map(before.products?.map(({ id, plans = [] }) => [id, plans.map((plan) => plan.id)]))
  return (after.products ?? []).flatMap(({ id, plans = [] }) => {
    const now = plans.map((plan) => plan.id)
    const kept = (former.get(id) ?? []).filter((plan) => now.includes(plan))
    const [from, to] = [kept, now.filter((plan) => kept.includes(plan))].map((ids) => ids.join(', '))
    return from === to ? [] : [{ path: `products[${id}].plan_order`, from, to }]
  })
}

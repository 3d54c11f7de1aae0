import type { TestApplication } from './application.ts'
import type { Placed, setPostStage } from './post-stage.ts'

type Stage = Pick<Awaited<ReturnType<typeof setPostStage>>, 'get' | 'make' | 'order' | 'quiet'>

/** A running subscription whose service says what it costs. */
export async function externalSubscription(app: TestApplication, { get, make, order, quiet }: Stage): Promise<Placed> {
  const products = await get<{ items: { id: string }[] }>('/api/v1/products')
  const plan = await make<{ id: string; periods: { id: string }[] }>('/api/v1/plans', {
    product_id: products.items[0]?.id,
    name: 'Priced by its service',
    status: 'active',
    billing_type: 'pay_as_you_go_external',
    periods: [{ duration: null }],
  })
  await app.parts.catalog.refreshChanged()
  const placed = await order({ plan: plan.id, period: plan.periods[0]?.id ?? '' })
  await quiet()
  return placed
}

import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import type { SoldPlan } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { PlanStatus } from './plan-status.tsx'
import type { Product } from './types.ts'

/** The plans of a product, in the order in which stores show them; the first one is the first to be seen. */
export function ProductPlans({ product, plans }: { product: Product; plans: readonly SoldPlan[] }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const order = useOperation(async (key, planId: string) => {
    const ids = plans.map(({ id }) => id)
    const place = ids.indexOf(planId)
    ids.splice(place - 1, 2, planId, ids[place - 1] ?? '')
    await call(`/products/${product.id}/plan-order`, {
      method: 'PUT',
      body: { planIds: ids },
      ifMatch: product.version,
      idempotencyKey: key,
    })
    await revalidate()
  })
  return (
    <section className="stack">
      <h2>{t('plan.plans')}</h2>
      <ErrorSummary error={order.error} failures={order.failures} />
      {plans.length === 0 ? (
        <p className="muted">{t('plan.none')}</p>
      ) : (
        <Table
          caption={t('plan.plans')}
          rows={plans}
          rowKey={(plan) => plan.id}
          columns={[
            {
              key: 'name',
              label: t('plan.name'),
              cell: (plan) => (
                <Link className="row-link" to={`/portal/products/${product.id}/plans/${plan.id}`}>
                  {plan.name}
                </Link>
              ),
            },
            { key: 'status', label: t('column.status'), cell: (plan) => <PlanStatus status={plan.status} /> },
            {
              key: 'id',
              label: t('setup.id'),
              cell: (plan) => <Copyable value={plan.id} name={t('setup.id_of', { name: plan.name })} />,
            },
            {
              key: 'link',
              label: t('column.actions'),
              actions: true,
              cell: (plan) => (
                <span className="cluster">
                  {plan === plans[0] ? null : (
                    <Button
                      size="small"
                      pending={order.pending}
                      aria-label={t('setup.move_up_of', { name: plan.name })}
                      onClick={() => void order.run(plan.id)}
                    >
                      {t('setup.move_up')}
                    </Button>
                  )}
                  <Link to={`/portal/links?plan=${plan.id}`}>{t('plan.link')}</Link>
                </span>
              ),
            },
          ]}
        />
      )}
      {plans.length > 1 ? <p className="hint">{t('plan.order_hint')}</p> : null}
    </section>
  )
}

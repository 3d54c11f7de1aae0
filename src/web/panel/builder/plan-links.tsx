import { Copyable, CopyButton } from '../../design/copy.tsx'
import { Money } from '../../design/values.tsx'
import { periodName, periodSpan } from '../../messages/periods.ts'
import { useText } from '../../messages/use-text.ts'
import type { SoldPlan } from '../types.ts'
import { linkFor } from './link-for.ts'

/** One plan: its id, a ready link per period, the ids of its resources. */
export function PlanLinks({ plan, managerKey }: { plan: SoldPlan; managerKey: string | null }) {
  const text = useText()
  const { t } = text
  return (
    <section className="card stack" aria-labelledby={`plan-${plan.id}`}>
      <div className="section-title">
        <h2 id={`plan-${plan.id}`}>{plan.name}</h2>
        <p className="quiet small">
          {plan.product.name} · {t('plans.plan_id')} <Copyable value={plan.id} name={t('plans.plan_id')} />
        </p>
      </div>
      <ul className="link-list">
        {plan.periods.map((period) => {
          const name = period.trial
            ? t('trial.of', { span: periodSpan(text, period.duration) })
            : periodName(text, period.duration)
          const link = linkFor(plan.buyLink ?? plan.tryLink, period.id, managerKey)
          return (
            <li key={period.id} className="link-row">
              <div className="cluster spread">
                <p>
                  <strong>{name}</strong>{' '}
                  <span className="quiet small">
                    {t('plans.period_id')} <Copyable value={period.id} name={t('plans.period_id')} />
                  </span>
                </p>
                {period.trial ? null : (
                  <span className="small">
                    {plan.billingType !== 'pay_in_full' && Number(period.recurringFee.amount) === 0 ? (
                      t('price.use_based')
                    ) : (
                      <>
                        <Money value={period.recurringFee} /> {t('price.a_month_unit')}
                      </>
                    )}
                  </span>
                )}
              </div>
              {link ? (
                <div className="link-box">
                  <a className="mono small" href={link} target="_blank" rel="noreferrer">
                    {link}
                  </a>
                  <CopyButton value={link} name={t('plans.link_of', { plan: plan.name, period: name })} />
                </div>
              ) : (
                <p className="small quiet">{t('plans.no_link')}</p>
              )}
            </li>
          )
        })}
      </ul>
      {plan.resources.length > 0 ? (
        <details className="more">
          <summary>{t('plans.resources', { n: plan.resources.length })}</summary>
          <dl className="lines small">
            {plan.resources.map((resource) => (
              <div className="line" key={resource.id}>
                <dt>
                  {resource.name} <span className="quiet">({resource.unit})</span>
                  <small>
                    {t('plans.range', {
                      minimum: text.number(resource.minimum),
                      limit: resource.limit === null ? '∞' : text.number(resource.limit),
                    })}
                  </small>
                </dt>
                <dd>
                  <Copyable value={resource.id} name={t('plans.resource_id', { name: resource.name })} />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  )
}

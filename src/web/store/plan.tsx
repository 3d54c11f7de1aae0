import { periodEvery, periodName, periodSpan } from '../messages/periods.ts'
import { quantityOf } from '../messages/quantity.ts'
import { useText } from '../messages/use-text.ts'
import { periodKey, shownPeriod } from './choose-period.ts'
import type { PlanCard, PlanPeriod, PlanResource } from './props.ts'

/** One plan: what it costs now and later, what is in it, and the two ways in. */
export function Plan({ plan, wanted }: { plan: PlanCard; wanted: string | null }) {
  const text = useText()
  const { t } = text
  const period = shownPeriod(plan, wanted)
  const metered = plan.billingType !== 'pay_in_full'
  const name = period ? periodName(text, period.duration) : ''
  return (
    <li className="plan">
      <div className="plan-head">
        <h3>{plan.name}</h3>
        {plan.summary ? <p className="muted">{plan.summary}</p> : null}
      </div>
      <PlanPrice plan={plan} period={period} />
      <div className="plan-actions">
        {period ? (
          <a className="button button-primary button-wide" href={period.buyLink}>
            {t('store.buy')}
            <span className="visually-hidden">{t('store.of_plan', { plan: `${plan.name}, ${name}` })}</span>
          </a>
        ) : null}
        {plan.tryLink ? (
          <a className="button button-wide" href={plan.tryLink.url}>
            {t('store.try', { span: periodSpan(text, plan.tryLink.duration) })}
            <span className="visually-hidden">{t('store.of_plan', { plan: plan.name })}</span>
          </a>
        ) : null}
        {period ? <BuyNote plan={plan} period={period} wanted={wanted} /> : null}
      </div>
      {plan.resources.length > 0 ? (
        <div className="stack stack-2">
          <h4 className="eyebrow">{t(metered ? 'store.metered' : 'store.included')}</h4>
          <dl className="lines small">
            {plan.resources.map((resource) => (
              <ResourceLine key={resource.id} resource={resource} metered={metered} currency={plan.currency} />
            ))}
          </dl>
        </div>
      ) : null}
      <MoreOf plan={plan} />
    </li>
  )
}

function PlanPrice({ plan, period }: { plan: PlanCard; period: PlanPeriod | undefined }) {
  const text = useText()
  const { t } = text
  if (!plan.fromMonthly || !period)
    return (
      <div className="plan-price">
        <p className="figure-big">{t('price.use_based')}</p>
      </div>
    )
  const hasSetup = Number(period.setupFee.amount) > 0
  return (
    <div className="plan-price">
      <p>
        <span className="figure-big money">{text.money(period.monthly, { trim: true })}</span>{' '}
        <span className="quiet">{t('price.a_month_unit')}</span>
      </p>
      <dl className="lines small">
        <div className="line">
          <dt>
            {t('store.today')}
            {period.discount ? (
              <small>
                {t('store.discount', { name: period.discount.name, amount: text.money(period.discount.off) })}
              </small>
            ) : null}
            {hasSetup ? <small>{t('store.setup', { amount: text.money(period.setupFee) })}</small> : null}
          </dt>
          <dd className="money">
            {period.discount ? (
              <>
                <span className="visually-hidden">{t('store.regular')}</span>
                <s className="quiet">{text.money(period.discount.regular)}</s>{' '}
              </>
            ) : null}
            {text.money(period.total, { code: true })}
          </dd>
        </div>
        <div className="line">
          <dt>{t('store.then', { every: periodEvery(text, period.duration) })}</dt>
          <dd className="money">{text.money(period.renewal, { code: true })}</dd>
        </div>
      </dl>
    </div>
  )
}

function BuyNote({ plan, period, wanted }: { plan: PlanCard; period: PlanPeriod; wanted: string | null }) {
  const text = useText()
  const { t } = text
  const isFree = Number(period.total.amount) === 0
  const amount = isFree
    ? t('store.nothing')
    : t('store.amount_today', { amount: text.money(period.total, { code: true }) })
  return (
    <p className="small quiet">
      {wanted !== null &&
      wanted !== periodKey(period.duration) &&
      plan.periods.some((other) => !other.trial && other.duration)
        ? `${t('store.period_differs', { period: periodName(text, period.duration) })} `
        : null}
      {period.duration
        ? t('store.order_period', { period: periodName(text, period.duration), amount })
        : plan.minimumTopup
          ? t('store.order_topup', { amount: text.money(plan.minimumTopup, { code: true }) })
          : t('store.order_endless', { amount })}
    </p>
  )
}

function ResourceLine({ resource, metered, currency }: { resource: PlanResource; metered: boolean; currency: string }) {
  const text = useText()
  const { t } = text
  if (metered && resource.unitPrice !== null)
    return (
      <div className="line">
        <dt>
          {resource.name}
          <small>{t('store.unit_hour', { unit: resource.unit })}</small>
        </dt>
        <dd className="money">{`${text.number(resource.unitPrice)} ${currency}`}</dd>
      </div>
    )
  const value =
    resource.minimum === 0
      ? t('store.resource_none')
      : resource.kind === 'boolean'
        ? t('store.resource_yes')
        : quantityOf(text, resource.minimum, resource.unit)
  return (
    <div className="line">
      <dt>{resource.name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** What each further unit costs, folded away: it is asked when one needs more. */
function MoreOf({ plan }: { plan: PlanCard }) {
  const text = useText()
  const { t } = text
  const priced = plan.resources.filter(
    (resource) => resource.unitPrice === null && Number(resource.recurringFee.amount) > 0,
  )
  if (priced.length === 0) return null
  return (
    <details className="more">
      <summary>{t('store.more')}</summary>
      <dl className="lines small">
        {priced.map((resource) => (
          <div className="line" key={resource.id}>
            <dt>
              {resource.name}
              <small>
                {t('store.more_each', { unit: resource.unit })}
                {resource.limit === null
                  ? null
                  : ` · ${t('store.more_limit', { count: quantityOf(text, resource.limit, resource.unit) })}`}
              </small>
            </dt>
            <dd className="money">{text.money(resource.recurringFee)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

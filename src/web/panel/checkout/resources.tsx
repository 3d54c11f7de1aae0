import { useId } from 'react'
import { QuantityField } from '../../design/quantity.tsx'
import { quantityOf as inWords } from '../../messages/quantity.ts'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { isZero, times } from '../money.ts'
import type { Checkout, CheckoutResource } from '../types.ts'

/** What can be chosen more or less of; what comes along unchangeably is listed below. */
export function Resources({
  checkout,
  quantityOf,
  onChange,
  error,
}: {
  checkout: Checkout
  quantityOf: (id: string) => number
  onChange: (id: string, quantity: number) => void
  error: ApiError | null
}) {
  const text = useText()
  const { t } = text
  const orderable = checkout.resources.filter((resource) => resource.orderable && !checkout.trial)
  const fixed = checkout.resources.filter((resource) => !orderable.includes(resource) && Number(resource.quantity) > 0)
  const problemOf = (resource: CheckoutResource): string | undefined =>
    error?.problems.find((problem) => problem.path.includes(resource.id) || problem.path === resource.name)?.message
  return (
    <>
      {orderable.length > 0 ? (
        <fieldset className="stack stack-2">
          <legend className="legend section-legend">{t('configure.resources')}</legend>
          <ul className="resource-list">
            {orderable.map((resource) => (
              <Resource
                key={resource.id}
                resource={resource}
                value={quantityOf(resource.id)}
                error={problemOf(resource)}
                onChange={(quantity) => onChange(resource.id, quantity)}
              />
            ))}
          </ul>
        </fieldset>
      ) : null}
      {fixed.length > 0 ? (
        <section className="stack stack-2">
          <h2 className="section-legend">{t('configure.fixed')}</h2>
          <dl className="lines">
            {fixed.map((resource) => (
              <div className="line" key={resource.id}>
                <dt>{resource.name}</dt>
                <dd>{inWords(text, Number(resource.quantity), resource.unit)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ) : null}
    </>
  )
}

function Resource({
  resource,
  value,
  error,
  onChange,
}: {
  resource: CheckoutResource
  value: number
  error: string | undefined
  onChange: (quantity: number) => void
}) {
  const text = useText()
  const { t } = text
  const noteId = useId()
  const { limit, unit } = resource
  const minimum = Number(resource.minimum)
  const included = Number(resource.included)
  const extra = Math.max(0, value - included)
  const notes = [
    included > 0 ? t('configure.included', { quantity: inWords(text, included, unit) }) : '',
    isZero(resource.recurringFee) ? '' : t('configure.each', { amount: text.money(resource.recurringFee), unit }),
    limit === null ? '' : t('configure.limit', { quantity: inWords(text, Number(limit), unit) }),
  ].filter(Boolean)
  return (
    <li className="resource">
      <div>
        <p className="resource-name">
          {resource.name}
          {/^\d/.test(unit) ? <span className="resource-sum"> {inWords(text, value, unit)}</span> : null}
        </p>
        <p className="quiet small" id={noteId}>
          {notes.join(' · ')}
        </p>
        {extra > 0 && !isZero(resource.recurringFee) ? (
          <p className="small resource-extra">
            {t('configure.extra', { amount: text.money(times(resource.recurringFee, extra)) })}
          </p>
        ) : null}
      </div>
      <QuantityField
        name={`resources.${resource.id}`}
        label={resource.name}
        describedBy={noteId}
        value={value}
        minimum={minimum}
        maximum={limit === null ? null : Number(limit)}
        error={error}
        onChange={onChange}
      />
    </li>
  )
}

import { type FormEvent, useState } from 'react'
import { useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { Existing } from './existing.tsx'
import { useCheckout } from './frame.tsx'
import { PeriodChoice } from './period-choice.tsx'
import { Resources } from './resources.tsx'
import { Summary } from './summary.tsx'
import { useCheckoutDraft } from './use-checkout-draft.ts'

/** First step: for how long, how much of what, and what the plan asks to know. */
export function Component() {
  const { t } = useText()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const { checkout, wish, change, flush, saving, error, failures } = useCheckoutDraft(useCheckout())
  const [leaving, setLeaving] = useState(false)
  const quantities = new Map(wish.resources?.map(({ id, quantity }) => [id, quantity]))
  const quantityOf = (id: string): number =>
    Number(quantities.get(id) ?? checkout.resources.find((resource) => resource.id === id)?.quantity ?? 0)
  const setQuantity = (id: string, quantity: number): void =>
    change({
      resources: checkout.resources
        .filter((resource) => resource.orderable)
        .map((resource) => ({
          id: resource.id,
          quantity: String(resource.id === id ? quantity : quantityOf(resource.id)),
        })),
    })
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    if (checkout.attributes.length > 0)
      change({
        attributes: Object.fromEntries(
          checkout.attributes.map(({ key }) => [key, String(form.get(`attributes.${key}`) ?? '')]),
        ),
      })
    setLeaving(true)
    if (await flush()) {
      await revalidate()
      await navigate(checkout.registrationComplete ? '../confirm' : '../registration', { relative: 'path' })
    }
    setLeaving(false)
  }
  const shown = { ...checkout, planPeriodId: wish.planPeriodId ?? checkout.planPeriodId }
  return (
    <form onSubmit={submit} className="two-columns">
      <Page title={t('configure.title', { plan: checkout.plan.name })} lead={t('configure.lead')}>
        <ErrorSummary error={error} failures={failures} />
        <Existing checkout={checkout} />
        {checkout.warnings?.map((warning) => (
          <Notice key={warning.code} tone="info">
            <p>{warning.message}</p>
          </Notice>
        ))}
        <PeriodChoice checkout={shown} onChange={(planPeriodId) => change({ planPeriodId })} />
        <Resources checkout={shown} quantityOf={quantityOf} onChange={setQuantity} error={error} />
        {checkout.attributes.length > 0 ? (
          <fieldset className="stack">
            <legend className="legend section-legend">{t('configure.attributes')}</legend>
            {checkout.attributes.map((attribute) => (
              <TextField
                key={attribute.key}
                name={`attributes.${attribute.key}`}
                label={attribute.required ? attribute.label : t('field.optional', { label: attribute.label })}
                defaultValue={attribute.value ?? ''}
                required={attribute.required}
                error={fieldError(error, `attributes.${attribute.key}`)}
              />
            ))}
          </fieldset>
        ) : null}
      </Page>
      <Summary checkout={shown} busy={saving}>
        <div className="only-wide">
          <Button type="submit" look="primary" wide pending={leaving}>
            {t('configure.next')}
          </Button>
        </div>
      </Summary>
      <div className="action-bar pinned only-narrow">
        <p>
          <span className="quiet small">{t('summary.today')}</span>
          <br />
          <strong>
            <Money value={shown.dueToday} code />
          </strong>
        </p>
        <Button type="submit" look="primary" pending={leaving}>
          {t('configure.next')}
        </Button>
      </div>
    </form>
  )
}

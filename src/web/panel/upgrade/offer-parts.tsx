import { Lines } from '../../design/lines.tsx'
import { Money } from '../../design/values.tsx'
import { quantityOf } from '../../messages/quantity.ts'
import { type PageText, useText } from '../../messages/use-text.ts'
import { compare, isZero } from '../money.ts'
import type { Offer, Step } from './types.ts'

/** An offer in a few words: "More of Backup Business". */
export function offerTitle({ t }: Pick<PageText, 't'>, { steps }: Offer): string {
  const [first] = steps
  if (!first) return ''
  const title = t(`upgrade.kind_${first.kind}`, { plan: first.plan.name })
  return steps.length === 1 ? title : t('upgrade.kind_more', { first: title, count: steps.length - 1 })
}

/** What is ordered, step by step, in the quantities the customer knows. */
export function OfferSteps({ offer }: { offer: Offer }) {
  const text = useText()
  const { t } = text
  return (
    <ul className="stack stack-2">
      {offer.steps.map((step) => (
        <li key={`${step.kind} ${step.subscription?.id ?? ''} ${step.plan.id}`}>
          {t(`upgrade.step_${step.kind}`, { plan: step.plan.name, name: step.subscription?.name ?? '' })}
          <ul>
            {step.resources.map((resource) => (
              <li key={resource.id}>{quantityText(text, step, resource)}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function quantityText(text: PageText, step: Step, { name, unit, before, after }: Step['resources'][number]): string {
  const to = quantityOf(text, Number(after), unit)
  return step.kind === 'change'
    ? text.t('upgrade.from_to', { name, from: quantityOf(text, Number(before), unit), to })
    : `${name}: ${to}`
}

/** What it costs today and what from now on. */
export function OfferPrice({ offer }: { offer: Offer }) {
  const { t } = useText()
  return (
    <Lines
      items={[
        ...(isZero(offer.recurringBefore)
          ? []
          : [
              {
                key: 'before',
                label: t('upgrade.monthly_before'),
                note: t('upgrade.net'),
                value: <Money value={offer.recurringBefore} />,
              },
            ]),
        {
          key: 'after',
          label: t('upgrade.monthly_after'),
          note: t('upgrade.net'),
          value: <Money value={offer.recurringAfter} />,
        },
        ...(isZero(offer.todayTax)
          ? []
          : [{ key: 'tax', label: t('upgrade.today_tax'), value: <Money value={offer.todayTax} /> }]),
        { key: 'today', label: t('upgrade.today'), value: <Money value={offer.today} code />, total: true },
      ]}
    />
  )
}

/** Whether it costs more a month than what runs now. */
export const isDearer = (offer: Offer): boolean => compare(offer.recurringAfter, offer.recurringBefore) > 0

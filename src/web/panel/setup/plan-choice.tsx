import { useRef, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { SelectField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { Values } from '../save-form.tsx'
import type { SoldPlan } from '../types.ts'

/** Plans as a choice; one that is named but not among them stays one. */
export const planOptions = (plans: readonly SoldPlan[], named: readonly string[], word: string) => [
  ...plans.map(({ id, name, product }) => ({ value: id, label: `${product.name}: ${name}` })),
  ...named.filter((id) => !plans.some((plan) => plan.id === id)).map((id) => ({ value: id, label: `${word} ${id}` })),
]

/** Plans that this one names, in their order; the form gets their ids in one field, a space between. */
export function PlanChoice({
  label,
  name,
  hint,
  plans,
  chosen,
  isOrdered = false,
  error,
}: {
  label: string
  name: string
  hint: string
  plans: readonly SoldPlan[]
  chosen: readonly string[]
  isOrdered?: boolean
  error: string | undefined
}) {
  const { t } = useText()
  const [ids, setIds] = useState(chosen)
  const [next, setNext] = useState('')
  const place = useRef<HTMLDivElement>(null)
  const options = planOptions(plans, chosen, t('plan.name'))
  // What was pressed may be gone: somebody who works by keyboard goes on from the choice.
  const change = (changed: readonly string[]): void => {
    setIds(changed)
    setNext('')
    place.current?.querySelector('select')?.focus()
  }
  return (
    <div className="stack stack-2" ref={place}>
      <input type="hidden" name={chosenIn(name)} value={ids.join(' ')} />
      <SelectField
        label={label}
        name={name}
        hint={hint}
        error={error}
        value={next}
        onChange={(event) => setNext(event.target.value)}
        options={[{ value: '', label: t('plan.choose') }, ...options.filter(({ value }) => !ids.includes(value))]}
      />
      <div>
        <Button
          size="small"
          aria-label={t('plan.add_choice_to', { label })}
          onClick={() => next && change([...ids, next])}
        >
          {t('plan.add_choice')}
        </Button>
      </div>
      {ids.length === 0 ? null : (
        <ol className="stack stack-1" aria-label={label}>
          {ids.map((id, index) => {
            const named = options.find(({ value }) => value === id)?.label ?? id
            const rest = ids.filter((each) => each !== id)
            return (
              <li key={id} className="cluster">
                {named}
                {isOrdered && index > 0 ? (
                  <Button
                    size="small"
                    look="quiet"
                    aria-label={t('setup.move_up_of', { name: named })}
                    onClick={() => change([...rest.slice(0, index - 1), id, ...rest.slice(index - 1)])}
                  >
                    {t('setup.move_up')}
                  </Button>
                ) : null}
                <Button
                  size="small"
                  look="quiet"
                  aria-label={t('plan.take_out_of', { name: named })}
                  onClick={() => change(rest)}
                >
                  {t('plan.take_out')}
                </Button>
              </li>
            )
          })}
        </ol>
      )}
    </div>
  )
}

const chosenIn = (name: string): string => `${name}.chosen`

export const readChoice = (value: Values, name: string): string[] => value(chosenIn(name)).split(' ').filter(Boolean)

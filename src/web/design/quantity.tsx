import { useId, useState } from 'react'
import { useText } from '../messages/use-text.ts'
import { FieldError } from './field.tsx'
import { icon } from './icons.tsx'

/** Used here alone, so not in what every page loads. */
const Minus = icon('M5 12h14')
const Plus = icon('M5 12h14M12 5v14')

/**
 * A whole number between `minimum` and `maximum` (null: no end), by buttons, arrow keys or typing.
 * What is typed is kept while it is typed; leaving the field brings it into the range.
 */
export function QuantityField({
  name,
  label,
  value,
  minimum,
  maximum,
  error,
  describedBy,
  onChange,
}: {
  name: string
  label: string
  value: number
  minimum: number
  maximum: number | null
  error?: string | undefined
  describedBy?: string
  onChange: (value: number) => void
}) {
  const { t, number } = useText()
  const id = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const fit = (wish: number): number =>
    Math.min(Math.max(Math.round(wish), minimum), maximum ?? Number.MAX_SAFE_INTEGER)
  const set = (wish: number): void => {
    setTyped(null)
    if (fit(wish) !== value) onChange(fit(wish))
  }
  const leave = (): void => {
    if (typed !== null && typed.trim() !== '' && Number.isFinite(Number(typed))) set(Number(typed))
    else setTyped(null)
  }
  return (
    <div className="stack stack-1">
      <div className="quantity" role="group" aria-label={label} data-invalid={error ? 'true' : undefined}>
        <button
          type="button"
          aria-label={t('quantity.less', { name: label })}
          aria-disabled={value <= minimum}
          onClick={() => set(value - 1)}
        >
          <Minus size={16} />
        </button>
        <input
          id={id}
          name={name}
          data-field={name}
          inputMode="numeric"
          autoComplete="off"
          role="spinbutton"
          aria-label={label}
          aria-valuenow={value}
          aria-valuetext={number(value)}
          aria-valuemin={minimum}
          aria-valuemax={maximum ?? undefined}
          aria-describedby={[describedBy, error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined}
          aria-invalid={error ? true : undefined}
          value={typed ?? String(value)}
          onChange={(event) => setTyped(event.target.value.replace(/[^\d]/g, ''))}
          onFocus={(event) => event.target.select()}
          onBlur={leave}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp') set(value + 1)
            else if (event.key === 'ArrowDown') set(value - 1)
            else if (event.key === 'Enter') leave()
            else return
            event.preventDefault()
          }}
        />
        <button
          type="button"
          aria-label={t('quantity.more', { name: label })}
          aria-disabled={maximum !== null && value >= maximum}
          onClick={() => set(value + 1)}
        >
          <Plus size={16} />
        </button>
      </div>
      <FieldError id={`${id}-error`} error={error} />
    </div>
  )
}

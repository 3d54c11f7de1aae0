import { type InputHTMLAttributes, type ReactNode, useId } from 'react'

interface Labelled {
  readonly label: string
  readonly name: string
  readonly hint?: ReactNode
  /** What is wrong, in a sentence that says what to do. */
  readonly error?: string | undefined
}

/** Ids that tie a control to its hint and its error; the control's own id is what an error summary links to. */
function useWiring({ name, hint, error }: Labelled) {
  const id = `${useId()}${name}`
  const hintId = hint ? `${id}-hint` : undefined
  const errorId = error ? `${id}-error` : undefined
  return {
    id,
    hintId,
    errorId,
    control: {
      id,
      name,
      'data-field': name,
      'aria-describedby': [hintId, errorId].filter(Boolean).join(' ') || undefined,
      'aria-invalid': error ? (true as const) : undefined,
    },
  }
}

/** One line of text with its label, hint and error. */
export function TextField({ label, name, hint, error, ...input }: Labelled & InputHTMLAttributes<HTMLInputElement>) {
  const { id, hintId, errorId, control } = useWiring({ label, name, hint, error })
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      <FieldError id={errorId} error={error} />
      <input className="input" type="text" {...input} {...control} />
    </div>
  )
}

/** A choice out of a known list, with the browser's own picker. */
export function SelectField({
  label,
  name,
  hint,
  error,
  options,
  ...select
}: Labelled & {
  options: readonly { readonly value: string; readonly label: string }[]
} & Omit<InputHTMLAttributes<HTMLSelectElement>, 'size'>) {
  const { id, hintId, errorId, control } = useWiring({ label, name, hint, error })
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      <FieldError id={errorId} error={error} />
      <select className="input" {...select} {...control}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

/** One yes-or-no, its label beside it. */
export function CheckField({
  label,
  name,
  hint,
  error,
  ...input
}: Omit<Labelled, 'label'> & { label: ReactNode } & Omit<InputHTMLAttributes<HTMLInputElement>, 'name'>) {
  const { id, hintId, errorId, control } = useWiring({ label: '', name, hint, error })
  return (
    <div className="check">
      <input type="checkbox" {...input} {...control} />
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      <FieldError id={errorId} error={error} />
    </div>
  )
}

export function FieldError({ id, error }: { id: string | undefined; error: string | undefined }) {
  return error ? (
    <p className="field-error" id={id}>
      {error}
    </p>
  ) : null
}

import { type TextareaHTMLAttributes, useId } from 'react'
import { FieldError } from '../../design/field.tsx'

/** Several lines of text with their label, hint and error. */
export function AreaField({
  label,
  name,
  hint,
  error,
  ...area
}: {
  label: string
  name: string
  hint?: string
  error?: string | undefined
} & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      <FieldError id={`${id}-error`} error={error} />
      <textarea
        className="input mono"
        rows={14}
        spellCheck={false}
        {...area}
        id={id}
        name={name}
        data-field={name}
        aria-describedby={described || undefined}
        aria-invalid={error ? true : undefined}
      />
    </div>
  )
}

import { type FormEvent, type ReactNode, useCallback } from 'react'
import { Button } from '../design/button.tsx'
import { ErrorSummary } from './problems.tsx'
import type { ApiError } from './api.ts'
import { useOperation } from './use-operation.ts'

export type Values = (name: string) => string

/** A form that saves: what failed above it, one primary action below. */
export function SaveForm({
  save,
  submit,
  children,
}: {
  save: (values: Values, key: string) => Promise<void>
  submit: string
  children: (error: ApiError | null) => ReactNode
}) {
  const operation = useOperation(
    useCallback((key: string, form: FormData) => save((name) => String(form.get(name) ?? '').trim(), key), [save]),
  )
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void operation.run(new FormData(event.currentTarget))
  }
  return (
    <>
      <ErrorSummary error={operation.error} failures={operation.failures} />
      <form className="form form-wide" onSubmit={onSubmit} noValidate>
        {children(operation.error)}
        <div>
          <Button type="submit" look="primary" pending={operation.pending}>
            {submit}
          </Button>
        </div>
      </form>
    </>
  )
}

/** Several lines of text with a label, hint and error. */
export function AreaField({
  label,
  name,
  hint,
  error,
  rows = 4,
  defaultValue,
  onChange,
}: {
  label: string
  name: string
  hint?: string
  error?: string | undefined
  rows?: number
  defaultValue?: string
  onChange?: (text: string) => void
}) {
  const id = `area-${name}`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
      <textarea
        className="input"
        id={id}
        name={name}
        data-field={name}
        rows={rows}
        defaultValue={defaultValue}
        onChange={(event) => onChange?.(event.target.value)}
        aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}
        aria-invalid={error ? true : undefined}
      />
    </div>
  )
}

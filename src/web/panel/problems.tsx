import { useEffect, useRef } from 'react'
import { Notice } from '../design/notice.tsx'
import type { MessageKey } from '../messages/catalogue.ts'
import { type PageText, useText } from '../messages/use-text.ts'
import type { ApiError, FieldProblem } from './api.ts'

/** Codes that we say in our own words; for others the server's sentence is fit for a customer. */
const OWN_WORDS: Readonly<Record<string, MessageKey>> = {
  offline: 'problem.offline',
  internal: 'problem.internal',
  database_unavailable: 'problem.internal',
  rate_limited: 'problem.rate_limited',
  csrf_failed: 'problem.signed_out',
  unauthenticated: 'problem.signed_out',
  forbidden: 'problem.forbidden',
  not_found: 'problem.not_found',
  version_mismatch: 'problem.version_mismatch',
  invalid_credentials: 'problem.invalid_credentials',
}

/** What happened and what to do, in a sentence or two. */
export function sentenceOf({ t }: PageText, error: ApiError): string {
  const own = OWN_WORDS[error.code]
  if (own) return t(own)
  return error.message || t('problem.internal')
}

/** What is wrong with one field; the wire's `path` may name a part of it (`street`, `body.street`). */
export function fieldError(error: ApiError | null, field: string): string | undefined {
  return error?.problems.find((problem) => lastPart(problem) === field)?.message
}

const lastPart = ({ path }: FieldProblem): string => path.replace(/^body\./, '')

/**
 * The summary of a failed form: takes the focus, says what is wrong, leads to each field.
 * Fields are found by `data-field`, the wire's name of the field.
 */
export function ErrorSummary({ error, failures }: { error: ApiError | null; failures: number }) {
  const text = useText()
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every further failure asks for attention again.
  useEffect(() => {
    if (failures > 0) box.current?.focus()
  }, [failures])
  if (!error) return null
  const problems = error.problems.filter((problem) => problem.message)
  return (
    <div ref={box} tabIndex={-1} className="error-summary">
      <Notice tone="bad" live title={problems.length > 0 ? text.t('problem.summary') : text.t('problem.failed')}>
        {problems.length > 0 ? (
          <ul className="stack stack-1">
            {problems.map((problem) => (
              <li key={`${problem.path}${problem.code}`}>
                <button type="button" className="link-button" onClick={() => focusField(lastPart(problem))}>
                  {problem.message}
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <p>{sentenceOf(text, error)}</p>
        )}
        {error.status >= 500 && error.requestId ? (
          <p className="small">{text.t('problem.reference', { id: error.requestId })}</p>
        ) : null}
      </Notice>
    </div>
  )
}

function focusField(name: string): void {
  document.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`)?.focus()
}

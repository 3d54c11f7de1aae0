import { useEffect, useState } from 'react'
import { Copyable } from '../../design/copy.tsx'
import { Lines } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { ApiError, call } from '../api.ts'
import { sentenceOf } from '../problems.tsx'
import { useSession } from '../session.ts'
import type { EventHandler, Preview } from './types.ts'

/** Typing pauses this long before the preview follows. */
const PAUSE_MS = 400

/** What the draft would send for the newest event of its type. */
export function HandlerPreview({ draft, language }: { draft: EventHandler; language: string }) {
  const text = useText()
  const { t } = text
  const [shown, setShown] = useState<Preview | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const { eventType, channel, condition, templates } = draft
  useEffect(() => {
    const asked = new AbortController()
    const timer = setTimeout(() => {
      const body = { eventType, channel, condition, templates, language }
      call<Preview>('/event-handler-previews', { method: 'POST', body, signal: asked.signal })
        .then((preview) => {
          setShown(preview)
          setFailure(null)
        })
        .catch((error: unknown) => {
          if (!asked.signal.aborted && error instanceof ApiError) setFailure(sentenceOf(text, error))
        })
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      asked.abort()
    }
  }, [eventType, channel, condition, templates, language, text])
  const problem = failure ?? shown?.problem
  return (
    <section className="stack aside" aria-labelledby="preview-title">
      <h2 id="preview-title">{t('handlers.preview')}</h2>
      <div aria-live="polite" className="stack">
        {problem ? (
          <Notice tone="bad" title={t('handlers.preview_problem')}>
            <p className="mono">{problem}</p>
          </Notice>
        ) : null}
        {shown && !problem && !shown.matches ? (
          <Notice tone="warn">
            <p>{t('handlers.preview_no_match')}</p>
          </Notice>
        ) : null}
        {shown ? (
          <p className="muted small">
            {shown.event ? (
              <>
                {t('handlers.preview_of')} <When at={shown.event.at} />
              </>
            ) : (
              t('handlers.preview_sample')
            )}
          </p>
        ) : null}
      </div>
      {shown && !problem ? <Drawn preview={shown} /> : null}
      {shown ? <Variables variables={shown.variables} /> : null}
    </section>
  )
}

/** A mail or notice as its reader sees it, drawn with the page's own styles; a webhook's body as it is. */
function Drawn({ preview: { subject, parts, text } }: { preview: Preview }) {
  const { t } = useText()
  const { brand } = useSession()
  if (!parts) return <pre className="card mono preview-json">{text}</pre>
  return (
    <article className="card stack mail-preview">
      <p className="muted small">{brand.serviceName}</p>
      <p>
        <span className="muted">{t('handlers.preview_subject')}</span> <strong>{subject}</strong>
      </p>
      {parts.heading ? <h3>{parts.heading}</h3> : null}
      {parts.paragraphs.map((paragraph, index) => (
        <p key={`${index}${paragraph}`}>{paragraph}</p>
      ))}
      {parts.facts.length > 0 ? <Lines items={parts.facts.map((fact) => ({ key: fact.label, ...fact }))} /> : null}
      {parts.button ? (
        <p>
          <a className="button button-primary" href={parts.button.url} target="_blank" rel="noreferrer">
            {parts.button.label}
          </a>
        </p>
      ) : null}
    </article>
  )
}

/** What a text and its condition may say, ready to copy. */
function Variables({ variables }: Pick<Preview, 'variables'>) {
  const { t } = useText()
  return (
    <details className="card stack">
      <summary>{t('handlers.variables')}</summary>
      <p className="small muted">{t('handlers.variables_hint')}</p>
      <dl className="variables small">
        {variables.map(({ name, value }) => (
          <div key={name}>
            <dt>
              <Copyable value={`{{ ${name} }}`} name={name} />
            </dt>
            <dd className="muted">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

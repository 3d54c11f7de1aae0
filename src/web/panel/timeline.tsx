import { useEffect, useState } from 'react'
import { When } from '../design/values.tsx'
import type { MessageKey } from '../messages/catalogue.ts'
import { timeline as steps } from '../messages/en/timeline.ts'
import { useText } from '../messages/use-text.ts'
import { call } from './api.ts'

interface Timeline {
  readonly items: readonly { readonly id: string; readonly type: string; readonly at: string }[]
}

/** What one thing led to, step by step; opened by who wants to know. `until` changes when there is more to read. */
export function Timeline({
  correlationId,
  until,
  isOpen = false,
}: {
  correlationId: string
  until: string
  isOpen?: boolean
}) {
  const { t } = useText()
  const [timeline, setTimeline] = useState<Timeline | null>(null)
  useEffect(() => {
    const aborted = new AbortController()
    call<Timeline>(`/timelines/${correlationId}`, { signal: aborted.signal }).then(setTimeline, () => undefined)
    return () => aborted.abort()
  }, [correlationId, until])
  const known = timeline?.items.filter(({ type }) => `timeline.${type}` in steps) ?? []
  if (known.length === 0) return null
  return (
    <details className="card stack" open={isOpen}>
      <summary>{t('timeline.title')}</summary>
      <ol className="stack stack-2">
        {known.map(({ id, type, at }) => (
          <li key={id} className="cluster spread small">
            <span>{t(`timeline.${type}` as MessageKey)}</span>
            <When at={at} />
          </li>
        ))}
      </ol>
    </details>
  )
}

import { useEffect, useState } from 'react'
import { When } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'
import { call, query } from './api.ts'
import { can, useSession } from './session.ts'
import type { Page } from './types.ts'
import type { AuditEntry } from './setup/types.ts'
import { Who } from './who.tsx'

/** Who changed this thing, when, and which of its fields. */
export function History({ kind, id, version }: { kind: string; id: string; version: number | string }) {
  const { t } = useText()
  const session = useSession()
  const [entries, setEntries] = useState<readonly AuditEntry[]>([])
  const mayRead = can(session, 'audit:read')
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another history.
  useEffect(() => {
    if (!mayRead) return
    const gone = new AbortController()
    call<Page<AuditEntry>>(`/audit-log${query({ subject_kind: kind, subject_id: id, limit: '20' })}`, {
      signal: gone.signal,
    }).then(
      ({ items }) => setEntries(items),
      () => undefined,
    )
    return () => gone.abort()
  }, [kind, id, version, mayRead])
  if (entries.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('history.title')}</h2>
      <ol className="history stack stack-3">
        {entries.map((entry) => (
          <li key={entry.id} className="stack stack-1">
            <p className="small">
              <When at={entry.at} /> · <code>{entry.action}</code> · <Who actor={entry.actor} />
            </p>
            <Changes details={entry.details} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Changes({ details }: { details: AuditEntry['details'] }) {
  const { t } = useText()
  const reason = details['reason']
  if (typeof reason === 'string') return <p className="small muted">{reason}</p>
  const changes = Object.entries(Object(details['changes']) as Record<string, { from?: unknown; to?: unknown }>)
  if (changes.length === 0) return null
  return (
    <ul className="small muted">
      {changes.slice(0, 12).map(([field, { from, to }]) => (
        <li key={field}>
          <code>{field}</code>: {String(from ?? t('none'))} → {String(to ?? t('none'))}
        </li>
      ))}
    </ul>
  )
}

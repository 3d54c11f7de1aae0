import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { Person } from './place.ts'

/** Shuts somebody out, after asking; lets them in again; mails an invitation once more. */
export function PersonAccess({ person }: { person: Person }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isAsking, setAsking] = useState(false)
  const [mailed, setMailed] = useState(false)
  const { id, version, enabled, email } = person
  const toggle = useOperation(
    useCallback(
      async (key: string) => {
        const body = { enabled: !enabled }
        await call(`/users/${id}`, { method: 'PATCH', body, ifMatch: version, idempotencyKey: key })
        setAsking(false)
        await revalidate()
      },
      [id, version, enabled, revalidate],
    ),
  )
  const again = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/users/${id}/invitation`, { method: 'POST', body: {}, idempotencyKey: key })
        setMailed(true)
      },
      [id],
    ),
  )
  return (
    <section className="stack">
      {mailed ? (
        <Notice tone="ok" live>
          <p>{t('people.invited', { email })}</p>
        </Notice>
      ) : null}
      {isAsking ? null : (
        <ErrorSummary error={toggle.error ?? again.error} failures={toggle.failures + again.failures} />
      )}
      <div className="cluster">
        {enabled && !person.activated ? (
          <Button pending={again.pending} onClick={() => void again.run()}>
            {t('people.again')}
          </Button>
        ) : null}
        {enabled ? (
          <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
            {t('people.disable')}
          </Button>
        ) : (
          <Button pending={toggle.pending} onClick={() => void toggle.run()}>
            {t('people.enable')}
          </Button>
        )}
      </div>
      <Dialog title={t('people.disable_title', { email })} isOpen={isAsking} onClose={() => setAsking(false)}>
        <div className="stack">
          <p>{t('people.disable_text')}</p>
          <ErrorSummary error={toggle.error} failures={toggle.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('people.keep')}</Button>
            <Button look="danger" pending={toggle.pending} onClick={() => void toggle.run()}>
              {t('people.disable')}
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  )
}

import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { Person } from './place.ts'

/** Takes the second factor of somebody away who has lost it, after asking. */
export function PersonFactor({ person, since }: { person: Person; since: string }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isAsking, setAsking] = useState(false)
  const { id, email } = person
  const remove = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/users/${id}/second-factor`, { method: 'DELETE', idempotencyKey: key })
        setAsking(false)
        await revalidate()
      },
      [id, revalidate],
    ),
  )
  return (
    <section className="card stack">
      <h2>{t('people.factor')}</h2>
      <p>
        {t('people.factor_since')} <When at={since} />.
      </p>
      <div>
        <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
          {t('people.factor_remove')}
        </Button>
      </div>
      <Dialog title={t('people.factor_title', { email })} isOpen={isAsking} onClose={() => setAsking(false)}>
        <div className="stack">
          <p>{t('people.factor_text')}</p>
          <ErrorSummary error={remove.error} failures={remove.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('people.keep')}</Button>
            <Button look="danger" pending={remove.pending} onClick={() => void remove.run()}>
              {t('people.factor_remove')}
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  )
}

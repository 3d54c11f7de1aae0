import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { fieldError } from '../problems.tsx'
import { SaveForm, type Values } from '../save-form.tsx'
import type { Account } from '../types.ts'

/** Stops an account from ordering, or lets it go on, after asking why. */
export function Hold({ account: { id, name, version, status } }: { account: Account }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isAsking, setAsking] = useState(false)
  const isHeld = status === 'administrative_hold'
  const save = useCallback(
    async (value: Values, key: string) => {
      await call(`/accounts/${id}/hold`, {
        method: 'PUT',
        body: { held: !isHeld, reason: value('reason') },
        ifMatch: version,
        idempotencyKey: key,
      })
      setAsking(false)
      await revalidate()
    },
    [id, version, isHeld, revalidate],
  )
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
        {t(isHeld ? 'hold.release' : 'hold.hold')}
      </Button>
      <Dialog
        title={t(isHeld ? 'hold.release_title' : 'hold.hold_title', { name })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <div className="stack">
          <p>{t(isHeld ? 'hold.release_text' : 'hold.hold_text')}</p>
          <SaveForm save={save} submit={t(isHeld ? 'hold.release' : 'hold.hold')}>
            {(error) => (
              <TextField
                label={t('hold.reason')}
                name="reason"
                required
                maxLength={500}
                autoComplete="off"
                error={fieldError(error, 'reason')}
              />
            )}
          </SaveForm>
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('hold.keep')}</Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

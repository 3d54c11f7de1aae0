import { type FormEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import { fromField, toField } from './utc.ts'

/** Gives a reseller without orders a clock of its own, for good. */
export function MakeSandbox({ sellerId }: { sellerId: string }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [typed, setTyped] = useState(() => toField(new Date()))
  const [tried, setTried] = useState(false)
  const [isOpen, setOpen] = useState(false)
  const starts = fromField(typed)
  const make = useOperation(
    useCallback(
      async (key: string, now: string) => {
        await call(`/resellers/${sellerId}/test-clock`, { method: 'POST', body: { now }, idempotencyKey: key })
        setOpen(false)
        await revalidate()
      },
      [sellerId, revalidate],
    ),
  )
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (starts) setOpen(true)
  }
  return (
    <form className="form" onSubmit={ask} noValidate>
      <TextField
        type="datetime-local"
        label={t('clock.starts')}
        name="now"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={tried && !starts ? t('clock.starts_bad') : undefined}
      />
      <div>
        <Button type="submit" look="primary" onPointerEnter={preloadDialog} onFocus={preloadDialog}>
          {t('clock.make')}
        </Button>
      </div>
      <Dialog title={t('clock.make_title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>{t('clock.make_ask')}</p>
        <ErrorSummary error={make.error} failures={make.failures} />
        <div className="dialog-actions">
          <Button onClick={() => setOpen(false)}>{t('clock.make_not')}</Button>
          <Button look="primary" pending={make.pending} onClick={() => void (starts && make.run(starts.toISOString()))}>
            {t('clock.make')}
          </Button>
        </div>
      </Dialog>
    </form>
  )
}

import { type FormEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'

/** Sends everything since an instant again. */
export function ReplayForm({ webhookId }: { webhookId: string }) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const { revalidate } = useRevalidator()
  const replay = useOperation(
    useCallback(
      async (key: string, since: string) => {
        const body = { since: new Date(since).toISOString() }
        await call(`/webhooks/${webhookId}/replay`, { method: 'POST', body, idempotencyKey: key })
        setOpen(false)
        await revalidate()
      },
      [webhookId, revalidate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void replay.run(String(new FormData(event.currentTarget).get('since')))
  }
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('deliveries.replay_since')}
      </Button>
      <Dialog title={t('deliveries.replay_since')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          <p>{t('deliveries.replay_text')}</p>
          <ErrorSummary error={replay.error} failures={replay.failures} />
          <TextField
            label={t('deliveries.since')}
            name="since"
            type="datetime-local"
            required
            error={fieldError(replay.error, 'since')}
          />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('dialog.not_now')}</Button>
            <Button type="submit" look="primary" pending={replay.pending}>
              {t('deliveries.replay')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}

import { type FormEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { DAY_MS, HOUR_MS } from '../../../kernel/time.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { utcText } from './utc-text.ts'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { TestClock } from './types.ts'
import { fromField, monthAfter, toField } from './utc.ts'

/** Where to, and the question before: what happens on the way cannot be taken back. */
export function MoveClock({
  clock: {
    reseller: { id: sellerId, name },
    now,
  },
}: {
  clock: TestClock
}) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const at = new Date(now)
  const [typed, setTyped] = useState(toField(new Date(at.getTime() + DAY_MS)))
  const [tried, setTried] = useState(false)
  const [isOpen, setOpen] = useState(false)
  const target = fromField(typed)
  const isLater = target !== undefined && target > at
  const move = useOperation(
    useCallback(
      async (key: string, to: string) => {
        await call(`/resellers/${sellerId}/test-clock`, { method: 'POST', body: { now: to }, idempotencyKey: key })
        // The page shows the way then, and this is gone.
        await revalidate()
      },
      [sellerId, revalidate],
    ),
  )
  const ask = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (isLater) setOpen(true)
  }
  const steps = [
    ['hour', new Date(at.getTime() + HOUR_MS)],
    ['day', new Date(at.getTime() + DAY_MS)],
    ['month', monthAfter(at)],
  ] as const
  return (
    <section className="card stack" aria-labelledby="move">
      <h2 id="move">{t('clock.move_title')}</h2>
      <form className="form" onSubmit={ask} noValidate>
        <div className="cluster">
          {steps.map(([step, to]) => (
            <Button key={step} size="small" onClick={() => setTyped(toField(to))}>
              {t(`clock.step.${step}`)}
            </Button>
          ))}
        </div>
        <TextField
          type="datetime-local"
          label={t('clock.to')}
          name="now"
          hint={t('clock.to_hint')}
          min={toField(at)}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          error={tried && !isLater ? t('clock.to_bad') : undefined}
        />
        <div>
          <Button type="submit" look="primary" onPointerEnter={preloadDialog} onFocus={preloadDialog}>
            {t('clock.move')}
          </Button>
        </div>
      </form>
      <Dialog title={t('clock.ask_title', { name: name })} isOpen={isOpen && isLater} onClose={() => setOpen(false)}>
        <p>
          <strong>
            {t('clock.ask_span', { from: utcText(text, now), to: target ? utcText(text, target.toISOString()) : '' })}
          </strong>
        </p>
        <p>{t('clock.ask')}</p>
        <ErrorSummary error={move.error} failures={move.failures} />
        <div className="dialog-actions">
          <Button onClick={() => setOpen(false)}>{t('clock.stay')}</Button>
          <Button look="primary" pending={move.pending} onClick={() => void (target && move.run(target.toISOString()))}>
            {t('clock.move')}
          </Button>
        </div>
      </Dialog>
    </section>
  )
}

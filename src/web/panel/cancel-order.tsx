import { useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../design/button.tsx'
import { Dialog, preloadDialog } from '../design/dialog.tsx'
import { useText } from '../messages/use-text.ts'
import { call } from './api.ts'
import { ErrorSummary } from './problems.tsx'
import type { Order } from './types.ts'
import { useOperation } from './use-operation.ts'

/** Cancels an unpaid order, after asking with its name. */
export function CancelOrder({ order }: { order: Order }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isOpen, setOpen] = useState(false)
  const cancel = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/orders/${order.id}/cancel`, {
          method: 'POST',
          body: {},
          ifMatch: order.version,
          idempotencyKey: key,
        })
        setOpen(false)
        await revalidate()
      },
      [order.id, order.version, revalidate],
    ),
  )
  return (
    <>
      <Button look="quiet" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('order.cancel')}
      </Button>
      <Dialog title={t('order.cancel_title', { number: order.number })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>{t('order.cancel_text', { name: order.subscription?.name ?? order.number })}</p>
        <ErrorSummary error={cancel.error} failures={cancel.failures} />
        <div className="dialog-actions">
          <Button onClick={() => setOpen(false)}>{t('order.cancel_keep')}</Button>
          <Button look="danger" pending={cancel.pending} onClick={() => void cancel.run()}>
            {t('order.cancel_do', { number: order.number })}
          </Button>
        </div>
      </Dialog>
    </>
  )
}

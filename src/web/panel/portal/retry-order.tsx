import { useCallback } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { icon } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { sentenceOf } from '../problems.tsx'
import type { Order } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** Used here alone, so not in what every page loads. */
const RefreshCw = icon(
  'M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8M21 3v5h-5M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16M8 16H3v5',
)

/** Tries a failed set-up again. The service sees the same idempotency key, so nothing is set up twice. */
export function RetryOrder({ order }: { order: Order }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const retry = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/orders/${order.id}/retry`, { method: 'POST', body: {}, idempotencyKey: key })
        await revalidate()
      },
      [order.id, revalidate],
    ),
  )
  return (
    <div className="stack stack-1 start">
      <Button size="small" pending={retry.pending} onClick={() => void retry.run()}>
        <RefreshCw size={15} />
        {t('order.retry')}
        <span className="visually-hidden"> {order.number}</span>
      </Button>
      {retry.error ? (
        <p className="field-error" role="alert">
          {sentenceOf(text, retry.error)}
        </p>
      ) : null}
    </div>
  )
}

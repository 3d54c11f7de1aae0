import { type FormEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'
import { Lines } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { compare, isZero, minus, readAmount } from '../money.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import type { Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** A person says that money has arrived: how much, by which reference; what that means is said before it is done. */
export function ApprovePayment({ payment, primary = false }: { payment: Payment; primary?: boolean }) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        size={primary ? 'normal' : 'small'}
        look={primary ? 'primary' : 'plain'}
        onPointerEnter={preloadDialog}
        onFocus={preloadDialog}
        onClick={() => setOpen(true)}
      >
        {t('approve.open')}
        <span className="visually-hidden"> {payment.number}</span>
      </Button>
      <Dialog title={t('approve.title', { name: payment.account.name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <ApproveForm payment={payment} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function ApproveForm({ payment, onClose }: { payment: Payment; onClose: () => void }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const { currency } = payment.outstanding
  const [typed, setTyped] = useState(payment.outstanding.amount)
  const amount = readAmount(typed, currency)
  const approve = useOperation(
    useCallback(
      async (key: string, received: WireMoney, reference: string) => {
        await call(`/payments/${payment.id}/approve`, {
          method: 'POST',
          body: { amount: received, ...(reference ? { reference } : {}) },
          ifMatch: payment.version,
          idempotencyKey: key,
        })
        onClose()
        await revalidate()
      },
      [payment.id, payment.version, onClose, revalidate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (amount) void approve.run(amount, String(new FormData(event.currentTarget).get('reference') ?? ''))
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Lines
        items={[
          { key: 'number', label: t('column.payment'), value: payment.number },
          ...(payment.order ? [{ key: 'order', label: t('column.order'), value: payment.order.number }] : []),
          ...(isZero(payment.received)
            ? []
            : [{ key: 'received', label: t('approve.already'), value: <Money value={payment.received} code /> }]),
          {
            key: 'due',
            label: t('payment.outstanding'),
            value: <Money value={payment.outstanding} code />,
            total: true,
          },
        ]}
      />
      <ErrorSummary error={approve.error} failures={approve.failures} />
      <TextField
        label={t('approve.amount', { currency })}
        name="amount"
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={amount ? fieldError(approve.error, 'amount') : t('approve.amount_bad')}
      />
      <TextField
        label={t('field.optional', { label: t('approve.reference') })}
        name="reference"
        autoComplete="off"
        hint={t('approve.reference_hint')}
        error={fieldError(approve.error, 'reference')}
      />
      {amount ? <Meaning payment={payment} amount={amount} /> : null}
      <div className="dialog-actions">
        <Button onClick={onClose}>{t('dialog.not_now')}</Button>
        <Button type="submit" look="primary" pending={approve.pending} aria-disabled={amount === null}>
          {amount ? t('approve.do', { amount: text.money(amount, { code: true }) }) : t('approve.open')}
        </Button>
      </div>
    </form>
  )
}

/** What approving this amount does: exactly enough, too little, too much. */
function Meaning({ payment, amount }: { payment: Payment; amount: WireMoney }) {
  const text = useText()
  const { t } = text
  const difference = compare(amount, payment.outstanding)
  if (difference < 0)
    return (
      <Notice tone="warn" live>
        <p>{t('approve.under', { amount: text.money(minus(payment.outstanding, amount), { code: true }) })}</p>
      </Notice>
    )
  if (difference > 0)
    return (
      <Notice tone="warn" live>
        <p>
          {t('approve.over', {
            amount: text.money(minus(amount, payment.outstanding), { code: true }),
            name: payment.account.name,
          })}
        </p>
      </Notice>
    )
  return (
    <Notice tone="info" live>
      <p>{t(payment.purpose === 'top_up' ? 'approve.exact_topup' : 'approve.exact', { name: payment.description })}</p>
    </Notice>
  )
}

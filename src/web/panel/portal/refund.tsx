import { type FormEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { compare, readAmount } from '../money.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import type { Refunds } from '../refunds.tsx'
import type { Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

type Effect = 'none' | 'take_back' | 'stop'

interface Refundable {
  readonly payment: Payment
  readonly refunds: Refunds
}

/** Gives money of a payment back: how much, which way, with what becoming of what was bought; said before it is done. */
export function RefundPayment({ payment, refunds }: Refundable) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const close = useCallback(() => setOpen(false), [])
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('refund.open')}
      </Button>
      <Dialog title={t('refund.title', { name: payment.account.name })} isOpen={isOpen} onClose={close}>
        <RefundForm payment={payment} refunds={refunds} onClose={close} />
      </Dialog>
    </>
  )
}

function RefundForm({ payment, refunds, onClose }: Refundable & { onClose: () => void }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const { refundable, methods } = refunds
  const [typed, setTyped] = useState(refundable.amount)
  const [method, setMethod] = useState(methods[0] ?? 'bank_transfer')
  const [effect, setEffect] = useState<Effect>('none')
  const amount = readAmount(typed.replace(',', '.'), refundable.currency)
  const isTooMuch = amount !== null && compare(amount, refundable) > 0
  const effects: readonly Effect[] = payment.purpose === 'order' ? ['none', 'stop', 'take_back'] : ['none']
  const refund = useOperation(
    useCallback(
      async (key: string, back: WireMoney, reason: string) => {
        await call(`/payments/${payment.id}/refunds`, {
          method: 'POST',
          body: { amount: back, method, effect, reason },
          ifMatch: payment.version,
          idempotencyKey: key,
        })
        onClose()
        await revalidate()
      },
      [payment.id, payment.version, method, effect, onClose, revalidate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim()
    if (amount && !isTooMuch) void refund.run(amount, reason)
  }
  const money = (value: WireMoney): string => text.money(value, { code: true })
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p>{t('refund.at_most', { amount: money(refundable) })}</p>
      <ErrorSummary error={refund.error} failures={refund.failures} />
      <TextField
        label={t('refund.amount', { currency: refundable.currency })}
        name="amount"
        inputMode="decimal"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        error={
          isTooMuch
            ? t('refund.too_much', { amount: money(refundable) })
            : amount
              ? fieldError(refund.error, 'amount')
              : t('approve.amount_bad')
        }
      />
      <SelectField
        label={t('refund.method')}
        name="method"
        value={method}
        onChange={(event) => setMethod(event.target.value as typeof method)}
        options={methods.map((value) => ({ value, label: t(`refund.way_${value}`) }))}
        error={fieldError(refund.error, 'method')}
      />
      {effects.length > 1 ? (
        <SelectField
          label={t('refund.effect')}
          name="effect"
          value={effect}
          onChange={(event) => setEffect(event.target.value as Effect)}
          options={effects.map((value) => ({ value, label: t(`refund.effect_${value}`) }))}
          error={fieldError(refund.error, 'effect')}
        />
      ) : null}
      <TextField
        label={t('field.optional', { label: t('refund.reason') })}
        name="reason"
        autoComplete="off"
        maxLength={500}
        hint={t('refund.reason_hint')}
        error={fieldError(refund.error, 'reason')}
      />
      {amount && !isTooMuch ? (
        <Notice tone={effect === 'none' ? 'info' : 'warn'} live>
          <p>
            {t(`refund.means_${method}`, { amount: money(amount), name: payment.account.name })}{' '}
            {effect === 'none' ? '' : t(`refund.means_${effect}`, { name: payment.description })}
          </p>
        </Notice>
      ) : null}
      <div className="dialog-actions">
        <Button onClick={onClose}>{t('dialog.not_now')}</Button>
        <Button type="submit" look="danger" pending={refund.pending} aria-disabled={!amount || isTooMuch}>
          {amount && !isTooMuch ? t('refund.do', { amount: money(amount) }) : t('refund.open')}
        </Button>
      </div>
    </form>
  )
}

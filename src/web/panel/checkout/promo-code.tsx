import { type KeyboardEvent, useCallback, useState } from 'react'
import { useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { Checkout } from '../types.ts'
import { useOperation } from '../use-operation.ts'

/** Whether a code could take something off at all: of a first order that costs something now. */
export const takesCode = ({ change, trial, plan }: Checkout): boolean =>
  change === null && !trial && plan.billingType === 'pay_in_full'

/** Where a promo code is entered, what it did, and how to do without it. It stands within the form that orders. */
export function PromoCode({ checkout }: { checkout: Checkout }) {
  const { t, money } = useText()
  const { promo } = checkout
  const { revalidate } = useRevalidator()
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const enter = useOperation(
    useCallback(
      async (_key: string, promoCode: string | null) => {
        await call<Checkout>(`/checkouts/${checkout.id}`, {
          method: 'PATCH',
          body: { promoCode },
          ifMatch: checkout.version,
        })
        setTyped('')
        setOpen(false)
        await revalidate()
      },
      [checkout.id, checkout.version, revalidate],
    ),
  )
  const apply = () => void enter.run(typed)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return
    // Else it would order.
    event.preventDefault()
    apply()
  }
  if (promo)
    return (
      <Notice tone={promo.status === 'applied' ? 'ok' : promo.status === 'beaten' ? 'info' : 'warn'} live>
        <p>
          {promo.status === 'applied'
            ? t('promo.applied', { code: promo.code, amount: money(checkout.discount?.net ?? checkout.net) })
            : `${promo.code}: ${promo.message}`}
        </p>
        <div>
          <Button size="small" pending={enter.pending} onClick={() => void enter.run(null)}>
            {t('promo.remove')}
          </Button>
        </div>
      </Notice>
    )
  return (
    <>
      <div>
        <Button look="quiet" size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('promo.have')}
        </Button>
      </div>
      {isOpen ? (
        <div className="card stack">
          <TextField
            label={t('promo.title')}
            name="promo_code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={100}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={onKeyDown}
            error={enter.error ? (fieldError(enter.error, 'promo_code') ?? enter.error.message) : undefined}
          />
          <div>
            <Button pending={enter.pending} onClick={apply} aria-disabled={typed.trim() === ''}>
              {t('promo.apply')}
            </Button>
          </div>
        </div>
      ) : null}
    </>
  )
}

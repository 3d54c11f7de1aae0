import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import { Button } from '../design/button.tsx'
import { CheckField } from '../design/field.tsx'
import { Lines } from '../design/lines.tsx'
import { Notice } from '../design/notice.tsx'
import { Money } from '../design/values.tsx'
import { useText } from '../messages/use-text.ts'
import { call } from './api.ts'
import { BackLink } from './back-link.tsx'
import { Resources } from './checkout/resources.tsx'
import { useCheckoutDraft } from './checkout/use-checkout-draft.ts'
import { lineNote } from './line-note.ts'
import { Page } from './page.tsx'
import { ErrorSummary } from './problems.tsx'
import type { Checkout, Order } from './types.ts'
import { useOperation } from './use-operation.ts'

export const loader = ({ params }: LoaderFunctionArgs) => call<Checkout>(`/checkouts/${params['checkoutId']}`)

/** Other quantities of what runs: what they cost today and a month follows each choice, and is agreed to by name. */
export function Component() {
  const text = useText()
  const { t } = text
  const navigate = useNavigate()
  const { checkout, wish, change, flush, saving, error, failures } = useCheckoutDraft(useLoaderData<typeof loader>())
  const [agreed, setAgreed] = useState<string | null>(null)
  const [fromBalance, setFromBalance] = useState(false)
  const [isMissing, setMissing] = useState(false)
  const place = useOperation(
    useCallback(
      async (key: string, draft: Checkout, payFromBalance: boolean) => {
        const order = await call<Order>(`/checkouts/${draft.id}/place`, {
          method: 'POST',
          body: {
            expectedTotal: draft.total,
            acceptTerms: true,
            ...(draft.change?.needsConsent ? { acceptRecurring: draft.change.recurring } : {}),
            ...(payFromBalance ? { payFromBalance: true } : {}),
          },
          idempotencyKey: key,
        })
        await navigate(`/client/orders/${order.id}`)
      },
      [navigate],
    ),
  )
  const of = checkout.change
  if (!of) return null
  const quantities = new Map(wish.resources?.map(({ id, quantity }) => [id, quantity]))
  const quantityOf = (id: string): number =>
    Number(quantities.get(id) ?? checkout.resources.find((resource) => resource.id === id)?.quantity ?? 0)
  const setQuantity = (id: string, quantity: number): void =>
    change({
      resources: checkout.resources
        .filter((resource) => resource.orderable)
        .map((each) => ({ id: each.id, quantity: String(each.id === id ? quantity : quantityOf(each.id)) })),
    })
  const money = (value: Checkout['total']): string => text.money(value, { code: true })
  const monthly = money(of.recurring)
  const isSame = of.resources.every(({ before, after }) => before === after)
  // Agreed to one price is not agreed to another.
  const isAgreed = agreed === monthly
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    setMissing(of.needsConsent && !isAgreed)
    if ((of.needsConsent && !isAgreed) || !(await flush())) return
    await place.run(checkout, fromBalance && of.coveredByBalance)
  }
  return (
    <form onSubmit={submit} className="stack">
      <Page
        aboveTitle={<BackLink to={`/client/subscriptions/${of.subscription.id}`}>{of.subscription.name}</BackLink>}
        title={t('change.title', { name: of.subscription.name })}
        lead={t('change.lead', { left: of.period.daysLeft, days: of.period.days })}
      >
        <ErrorSummary error={place.error ?? error} failures={place.failures + failures} />
        <section className="card stack">
          <Resources checkout={checkout} quantityOf={quantityOf} onChange={setQuantity} error={error} />
        </section>
        <section className="card stack" aria-live="polite" aria-busy={saving}>
          <Lines
            items={[
              ...checkout.lines.map((line, index) => ({
                key: String(index),
                label: line.description,
                note: lineNote(text, line),
                value: <Money value={line.net} />,
              })),
              { key: 'total', label: t('change.today'), value: <Money value={checkout.total} code />, total: true },
            ]}
          />
          <p className="small quiet">
            {t('change.monthly')}:{' '}
            {of.recurring.amount === of.recurringBefore.amount
              ? t('change.monthly_same', { after: monthly })
              : t('change.monthly_change', { before: money(of.recurringBefore), after: monthly })}
          </p>
        </section>
        {of.usageAbove.length > 0 ? (
          <Notice tone="bad">
            <p>{t('change.above', { names: of.usageAbove.map(({ usageName }) => usageName).join(', ') })}</p>
          </Notice>
        ) : null}
        {of.needsConsent ? (
          <CheckField
            name="accept_recurring"
            checked={isAgreed}
            onChange={(event) => setAgreed(event.target.checked ? monthly : null)}
            label={t('change.agree', { amount: monthly })}
            error={isMissing && !isAgreed ? t('change.agree_missing') : undefined}
          />
        ) : null}
        {of.coveredByBalance ? (
          <CheckField
            name="pay_from_balance"
            checked={fromBalance}
            onChange={(event) => setFromBalance(event.target.checked)}
            label={t('change.from_balance', { balance: money(of.balance) })}
          />
        ) : null}
        <div className="action-bar">
          <Button
            type="submit"
            look="primary"
            pending={place.pending || saving}
            disabled={isSame || of.usageAbove.length > 0}
          >
            {t('change.do')}
          </Button>
        </div>
      </Page>
    </form>
  )
}

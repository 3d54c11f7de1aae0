import { type FormEvent, useCallback, useState } from 'react'
import { useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { CheckField } from '../../design/field.tsx'
import { Facts } from '../../design/lines.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { quantityOf } from '../../messages/quantity.ts'
import { useText } from '../../messages/use-text.ts'
import { ApiError, call } from '../api.ts'
import { isZero } from '../money.ts'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { useSession } from '../session.ts'
import type { Checkout, Order } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { Existing, isRefused } from './existing.tsx'
import { useCheckout } from './frame.tsx'
import { PlaceQuestion, type Question } from './place-question.tsx'
import { PromoCode, takesCode } from './promo-code.tsx'
import { Slip, Summary } from './summary.tsx'

/** Second step: everything once more, the exact amount on the button, and then it is ordered. */
export function Component() {
  const text = useText()
  const { t } = text
  const checkout = useCheckout()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [question, setQuestion] = useState<Question | null>(null)
  const place = useOperation(
    useCallback(
      async (key: string, acceptTerms: boolean, allowSecond: boolean) => {
        try {
          await call<Order>(`/checkouts/${checkout.id}/place`, {
            method: 'POST',
            body: {
              expectedTotal: checkout.total,
              acceptTerms,
              ...(allowSecond ? { allowSecond: true } : {}),
              ...(checkout.change?.needsConsent ? { acceptRecurring: checkout.change.recurring } : {}),
            },
            idempotencyKey: key,
          })
          await revalidate()
          await navigate(`/client/checkouts/${checkout.id}/pay`, { replace: true })
        } catch (cause) {
          const asked = cause instanceof ApiError ? questionOf(cause, checkout) : null
          if (!asked) throw cause
          if (asked.kind === 'registration') return navigate('../registration', { relative: 'path' })
          setQuestion(asked)
          await revalidate()
        }
      },
      [checkout, navigate, revalidate],
    ),
  )
  const [accepted, setAccepted] = useState(false)
  const [agreed, setAgreed] = useState(false)
  const [consentMissing, setConsentMissing] = useState(false)
  const asksConsent = checkout.change?.needsConsent === true
  const termsMissing = place.error?.code === 'terms_not_accepted'
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setQuestion(null)
    setConsentMissing(asksConsent && !agreed)
    if (asksConsent && !agreed) return
    void place.run(accepted || checkout.termsUrl === null, false)
  }
  const label = isZero(checkout.dueToday)
    ? t(checkout.trial ? 'confirm_order.place_trial' : 'confirm_order.place_free')
    : t('confirm_order.place')
  const button = isRefused(checkout) ? null : (
    <Button type="submit" look="primary" wide pending={place.pending}>
      {label}
      {isZero(checkout.dueToday) ? null : <Money value={checkout.dueToday} code />}
    </Button>
  )
  const note = (
    <p className="small quiet">
      {isZero(checkout.dueToday) ? t('confirm_order.note_free') : t('confirm_order.note_pay')}
    </p>
  )
  return (
    <form onSubmit={submit} className="two-columns">
      <Page
        title={t(checkout.type === 'renewal' ? 'confirm_order.title_renewal' : 'confirm_order.title')}
        lead={t('confirm_order.lead', { seller: checkout.seller.name })}
      >
        {question ? (
          <PlaceQuestion
            question={question}
            checkout={checkout}
            pending={place.pending}
            onAgain={() => void place.run(accepted || checkout.termsUrl === null, question.kind === 'second')}
          />
        ) : (
          <ErrorSummary error={place.error} failures={place.failures} />
        )}
        {question?.kind === 'second' ? null : <Existing checkout={checkout} />}
        <Details checkout={checkout} />
        {takesCode(checkout) ? <PromoCode checkout={checkout} /> : null}
        <div className="only-narrow">
          <Slip checkout={checkout}>{note}</Slip>
        </div>
        {checkout.change && asksConsent ? (
          <CheckField
            name="consent"
            checked={agreed}
            onChange={(event) => setAgreed(event.target.checked)}
            error={consentMissing && !agreed ? t('confirm_order.consent_missing') : undefined}
            label={t('confirm_order.consent', {
              before: text.money(checkout.change.recurringBefore),
              after: text.money(checkout.change.recurring),
            })}
          />
        ) : null}
        {checkout.termsUrl === null ? null : (
          <CheckField
            name="accept_terms"
            required
            checked={accepted}
            onChange={(event) => setAccepted(event.target.checked)}
            error={termsMissing ? t('confirm_order.terms_missing') : undefined}
            label={
              <>
                {t('confirm_order.accept')}{' '}
                <a href={checkout.termsUrl} target="_blank" rel="noreferrer">
                  {t('confirm_order.terms')}
                </a>
              </>
            }
          />
        )}
        <div className="action-bar pinned only-narrow">{button}</div>
      </Page>
      <div className="aside only-wide">
        <Summary checkout={checkout}>
          {button}
          {note}
        </Summary>
      </div>
    </form>
  )
}

/** What of a refusal is a question to the buyer rather than a failure. */
function questionOf(error: ApiError, before: Checkout): Question | { kind: 'registration' } | null {
  if (error.code === 'price_changed') return { kind: 'price', oldTotal: before.total }
  if (error.code === 'second_subscription') return { kind: 'second', message: error.message }
  if (error.code === 'trial_used') return { kind: 'trial', message: error.message }
  return error.code === 'registration_incomplete' ? { kind: 'registration' } : null
}

function Details({ checkout }: { checkout: Checkout }) {
  const text = useText()
  const { t } = text
  const { user, account } = useSession()
  const resources = checkout.resources.filter((resource) => Number(resource.quantity) > 0)
  return (
    <section className="card stack">
      <div className="section-title">
        <h2>{checkout.plan.name}</h2>
        {checkout.steps.includes('configure') ? (
          <Link to="../configure" relative="path">
            {t('confirm_order.change')}
          </Link>
        ) : null}
      </div>
      <Facts
        items={[
          ...(checkout.type === 'renewal' && checkout.change
            ? [
                {
                  label: t('confirm_order.next_period'),
                  value: t('confirm_order.from_until', {
                    from: text.date(checkout.change.period.startsAt),
                    until: text.date(checkout.change.period.endsAt),
                  }),
                },
              ]
            : []),
          ...(resources.length > 0
            ? [
                {
                  label: t('confirm_order.contents'),
                  value: (
                    <ul>
                      {resources.map((resource) => (
                        <li key={resource.id}>
                          {resource.name}: {quantityOf(text, Number(resource.quantity), resource.unit)}
                        </li>
                      ))}
                    </ul>
                  ),
                },
              ]
            : []),
          ...checkout.attributes
            .filter((attribute) => attribute.value)
            .map((attribute) => ({ label: attribute.label, value: attribute.value })),
          { label: t('confirm_order.buyer'), value: account?.name ?? user?.email ?? '' },
          { label: t('confirm_order.mail'), value: user?.email ?? '' },
          { label: t('confirm_order.seller'), value: checkout.seller.name },
        ]}
      />
      {checkout.trial ? (
        <Notice tone="info">
          <p>{t('confirm_order.trial')}</p>
        </Notice>
      ) : null}
    </section>
  )
}

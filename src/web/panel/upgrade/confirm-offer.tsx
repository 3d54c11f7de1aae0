import { type FormEvent, useCallback, useState } from 'react'
import { useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { CheckField } from '../../design/field.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { ApiError, call } from '../api.ts'
import { isZero } from '../money.ts'
import { ErrorSummary } from '../problems.tsx'
import { useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import { isDearer, OfferPrice, OfferSteps, offerTitle } from './offer-parts.tsx'
import type { Offer, Offers } from './types.ts'

/** One offer and the one confirmation that orders it: a higher price a month is agreed to by hand, never by default. */
export function ConfirmOffer({ offers, offer, reason }: { offers: Offers; offer: Offer; reason: string }) {
  const text = useText()
  const { t } = text
  const { store } = useSession()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [agreed, setAgreed] = useState(false)
  const [accepted, setAccepted] = useState(false)
  const [missing, setMissing] = useState(false)
  const [hasChanged, setChanged] = useState(false)
  const place = useOperation(
    useCallback(
      async (key: string) => {
        try {
          await call<Offers>(`/offers/${offers.id}/place`, {
            method: 'POST',
            idempotencyKey: key,
            body: {
              position: offer.position,
              expectedTotal: offer.today,
              ...(isDearer(offer) ? { acceptRecurring: offer.recurringAfter } : {}),
              acceptTerms: true,
            },
          })
          await navigate(`/client/upgrade/${offers.id}`)
        } catch (cause) {
          const isOld =
            cause instanceof ApiError && ['price_changed', 'recurring_not_accepted', 'gone'].includes(cause.code)
          if (!isOld) throw cause
          setChanged(true)
          setAgreed(false)
          await revalidate()
        }
      },
      [offers.id, offer, navigate, revalidate],
    ),
  )
  const asksConsent = isDearer(offer)
  const terms = store?.termsUrl ?? null
  const isReady = (agreed || !asksConsent) && (accepted || terms === null)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setMissing(!isReady)
    if (isReady) void place.run()
  }
  return (
    <form className="card stack" onSubmit={submit} aria-labelledby="offer" noValidate>
      <div className="stack stack-2">
        <p className="eyebrow">{t(offer.position === 0 ? 'upgrade.recommended' : 'upgrade.chosen')}</p>
        <h2 id="offer">{offerTitle(text, offer)}</h2>
        <p>{reason}</p>
      </div>
      {hasChanged ? (
        <Notice tone="warn" live>
          <p>{t('upgrade.changed')}</p>
        </Notice>
      ) : null}
      <ErrorSummary error={place.error} failures={place.failures} />
      <OfferSteps offer={offer} />
      <OfferPrice offer={offer} />
      {asksConsent ? (
        <CheckField
          name="consent"
          checked={agreed}
          onChange={(event) => setAgreed(event.target.checked)}
          error={missing && !agreed ? t('upgrade.consent_missing') : undefined}
          label={t(isZero(offer.recurringBefore) ? 'upgrade.consent_new' : 'upgrade.consent', {
            before: text.money(offer.recurringBefore),
            after: text.money(offer.recurringAfter),
          })}
        />
      ) : null}
      {terms === null ? null : (
        <CheckField
          name="accept_terms"
          checked={accepted}
          onChange={(event) => setAccepted(event.target.checked)}
          error={missing && !accepted ? t('confirm_order.terms_missing') : undefined}
          label={
            <>
              {t('upgrade.accept')}{' '}
              <a href={terms} target="_blank" rel="noreferrer">
                {t('confirm_order.terms')}
              </a>
            </>
          }
        />
      )}
      <div className="cluster">
        <Button type="submit" look="primary" pending={place.pending}>
          {t(isZero(offer.today) ? 'upgrade.order_free' : 'upgrade.order')}
          {isZero(offer.today) ? null : <Money value={offer.today} code />}
        </Button>
        {offers.returnUrl === null ? (
          <Link className="button" to="/client">
            {t('upgrade.not_now')}
          </Link>
        ) : (
          <a className="button" href={offers.returnUrl}>
            {t('upgrade.not_now')}
          </a>
        )}
      </div>
    </form>
  )
}

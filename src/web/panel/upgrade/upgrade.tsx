import { useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useLocation } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import type { MessageKey } from '../../messages/catalogue.ts'
import { type PageText, useText } from '../../messages/use-text.ts'
import { readUpsellLink } from '../../../link/read-upsell-link.ts'
import { usageNameOf } from '../../../link/upsell-names.ts'
import { call, randomKey } from '../api.ts'
import { Page } from '../page.tsx'
import { loadSession } from '../session.ts'
import { AskContact } from './ask-contact.tsx'
import { ConfirmOffer } from './confirm-offer.tsx'
import { OfferPrice, OfferSteps, offerTitle } from './offer-parts.tsx'
import { Reassign } from './reassign.tsx'
import { FromPlatform } from './from-platform.tsx'
import type { Answer, Arrival, Offer, Offers } from './types.ts'
import { WhatRanOut } from './what-ran-out.tsx'

const HORIZONS = [0, 30, 90, 365] as const
const REASONS: readonly MessageKey[] = ['offer.reason.covers', 'offer.reason.ends', 'offer.reason.shorter']

/** Where an upsell link arrives. What it says proves nothing: who is signed in decides whose quotas these are. */
export async function loader({ request }: LoaderFunctionArgs) {
  const session = await loadSession()
  const url = new URL(request.url)
  const link = readUpsellLink(url.search)
  const arrival = await arrive(url.searchParams.get('platform'), link.tenant_id)
  const wished = Number(url.searchParams.get('horizon') ?? 90)
  const horizonDays = HORIZONS.find((days) => days === wished) ?? 90
  const offers = await call<Offers>('/offers', {
    method: 'POST',
    idempotencyKey: randomKey(),
    body: {
      horizonDays,
      place: link.origin ?? 'upgrade',
      ...(link.redirect_url ? { redirectUrl: link.redirect_url.slice(0, 4096) } : {}),
    },
  })
  const isOther = arrival
    ? arrival.isOther
    : link.tenant_id !== null && String(session.account?.number) !== link.tenant_id
  const short = new Set(offers.answer.items.map(({ usageName }) => usageName))
  const named = [...new Set([...link.user_quotas, ...link.tenant_quotas].map(usageNameOf))]
  return { offers, horizonDays, isOther, arrival, fineAgain: named.filter((usageName) => !short.has(usageName)) }
}

/** Comes from another platform: what it says of this company is looked up there first. Its numbers are its own. */
async function arrive(platform: string | null, tenantNumber: string | null): Promise<Arrival | null> {
  if (platform === null) return null
  const body = tenantNumber !== null && /^\d{1,18}$/.test(tenantNumber) ? { tenantNumber } : {}
  return call<Arrival>(`/platforms/${encodeURIComponent(platform)}/arrivals`, { method: 'POST', body })
}

/** Today's truth, one purchase that ends the shortage and why, and the other ways behind it. */
export function Component() {
  const text = useText()
  const { t } = text
  const { offers, horizonDays, isOther, arrival, fineAgain } = useLoaderData<typeof loader>()
  const { answer, account } = offers
  const [chosen, setChosen] = useState(0)
  const mayChoose = answer.kind === 'offers' && offers.mayOrder
  const offer = answer.offers[chosen] ?? answer.offers[0]
  return (
    <Page title={t('upgrade.title', { account: account.name })} {...leadOf(text, answer, mayChoose)}>
      {isOther ? (
        <Notice tone="info">
          <p>{t('upgrade.other_tenant', { account: account.name })}</p>
        </Notice>
      ) : null}
      {arrival ? <FromPlatform arrival={arrival} account={account.name} /> : null}
      {answer.kind === 'solved' ? <Solved solvedAt={answer.solvedAt} /> : null}
      <WhatRanOut items={answer.items} account={account.name} fineAgain={answer.kind === 'solved' ? [] : fineAgain} />
      {answer.reassign.length > 0 ? <Reassign offers={offers} /> : null}
      {answer.isOrderUnderWay ? (
        <Notice tone="info" title={t('upgrade.under_way_title')}>
          <p>
            {t('upgrade.under_way')} <Link to="/client/orders">{t('upgrade.under_way_link')}</Link>
          </p>
        </Notice>
      ) : null}
      {mayChoose && offer ? (
        <>
          <Lasting horizonDays={horizonDays} />
          <ConfirmOffer
            key={`${offers.id} ${offer.position}`}
            offers={offers}
            offer={offer}
            reason={whyOf(text, answer, offer)}
          />
          <OtherWays offers={answer.offers} chosen={offer.position} onChoose={setChosen} />
        </>
      ) : null}
      {answer.kind === 'offers' || (answer.kind === 'contact' && !answer.isOrderUnderWay) ? (
        <AskContact offers={offers} />
      ) : null}
    </Page>
  )
}

const leadOf = ({ t }: PageText, { kind }: Answer, mayChoose: boolean) =>
  mayChoose
    ? { lead: t('upgrade.lead_offers') }
    : kind === 'offers' || kind === 'contact'
      ? { lead: t('upgrade.lead_contact') }
      : {}

function whyOf({ t }: PageText, { reason }: Answer, offer: Offer): string {
  const key = REASONS.find((each) => each === reason?.key)
  if (offer.position === 0 && key && reason) return t(key, reason.values)
  return offer.coversDays === null ? '' : t('upgrade.lasts_about', { days: offer.coversDays })
}

function Solved({ solvedAt }: { solvedAt: string | null }) {
  const text = useText()
  return (
    <Notice tone="ok" title={text.t('upgrade.solved_title')}>
      <p>{solvedAt ? text.t('upgrade.solved_on', { date: text.date(solvedAt) }) : text.t('upgrade.solved')}</p>
      <p>
        <Link to="/client/usage">{text.t('upgrade.see_usage')}</Link>
      </p>
    </Notice>
  )
}

/** How far ahead to look; in the address, so that a reload keeps it. */
function Lasting({ horizonDays }: { horizonDays: number }) {
  const { t } = useText()
  const { search } = useLocation()
  const to = (days: number): string => {
    // What else the address says keeps its bytes.
    const rest = search
      .replace(/^\?/, '')
      .split('&')
      .filter((pair) => pair !== '' && !pair.startsWith('horizon='))
    return `?${[...rest, `horizon=${days}`].join('&')}`
  }
  const label = (days: number): string =>
    days === 0 ? t('upgrade.lasts_now') : days === 365 ? t('upgrade.lasts_year') : t('upgrade.lasts_days', { days })
  return (
    <nav className="cluster" aria-label={t('upgrade.lasts')}>
      <span className="small quiet">{t('upgrade.lasts')}</span>
      {HORIZONS.map((days) => (
        <Link
          key={days}
          to={to(days)}
          className={days === horizonDays ? 'button button-small button-primary' : 'button button-small'}
          {...(days === horizonDays ? { 'aria-current': 'true' as const } : {})}
        >
          {label(days)}
        </Link>
      ))}
    </nav>
  )
}

/** The next best in view, the rest behind a word. */
function OtherWays({
  offers,
  chosen,
  onChoose,
}: {
  offers: readonly Offer[]
  chosen: number
  onChoose: (position: number) => void
}) {
  const { t } = useText()
  const [next, ...rest] = offers.filter(({ position }) => position !== chosen)
  if (!next) return null
  return (
    <>
      <OtherWay offer={next} eyebrow={t('upgrade.runner_up')} onChoose={onChoose} />
      {rest.length > 0 ? (
        <details className="stack">
          <summary>{t('upgrade.others', { count: rest.length })}</summary>
          <div className="stack">
            {rest.map((offer) => (
              <OtherWay key={offer.position} offer={offer} onChoose={onChoose} />
            ))}
          </div>
        </details>
      ) : null}
    </>
  )
}

function OtherWay({
  offer,
  eyebrow,
  onChoose,
}: {
  offer: Offer
  eyebrow?: string
  onChoose: (position: number) => void
}) {
  const text = useText()
  const { t } = text
  return (
    <section className="card stack">
      <div className="stack stack-2">
        {eyebrow ? <p className="eyebrow">{eyebrow}</p> : null}
        <h2>{offerTitle(text, offer)}</h2>
        {offer.coversDays === null ? null : <p>{t('upgrade.lasts_about', { days: offer.coversDays })}</p>}
      </div>
      <OfferSteps offer={offer} />
      <OfferPrice offer={offer} />
      <div>
        <Button
          onClick={() => {
            onChoose(offer.position)
            document.getElementById('offer')?.scrollIntoView({ block: 'center' })
          }}
        >
          {t('upgrade.choose')}
        </Button>
      </div>
    </section>
  )
}

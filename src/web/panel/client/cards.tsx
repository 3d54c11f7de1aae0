import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { CheckField } from '../../design/field.tsx'
import { Empty } from '../../design/empty.tsx'
import { CreditCard } from '../../design/icons.tsx'
import { Notice } from '../../design/notice.tsx'
import { useNow } from '../../design/use-now.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { loadSession, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import { type Card, cardName, cardsOf } from './pay-cards.ts'

export async function loader({ request }: LoaderFunctionArgs) {
  const { account, takesCards, scopes } = await loadSession()
  if (!account || !takesCards) throw new Response(null, { status: 404 })
  const isBack = new URL(request.url).searchParams.get('card') === 'back'
  // What cannot be asked now comes by webhook.
  if (isBack && scopes.includes('payments:write'))
    await call(`/accounts/${account.id}/card-setups/check`, { method: 'POST', body: {} }).catch(() => undefined)
  return { accountId: account.id, cards: await cardsOf(account.id), isBack }
}

/** The cards that are kept: which one is charged, and how to take it back. */
export function Component() {
  const { t } = useText()
  const { scopes } = useSession()
  const { accountId, cards, isBack } = useLoaderData<typeof loader>()
  const maySpend = scopes.includes('payments:write')
  return (
    <Page title={t('nav.cards')} lead={t('cards.lead')}>
      {isBack && cards.length > 0 ? (
        <Notice tone="ok" live>
          <p>{t('cards.saved')}</p>
        </Notice>
      ) : null}
      {cards.length === 0 ? (
        <Empty icon={CreditCard} title={t('cards.empty_title')}>
          <p>{t('cards.empty')}</p>
        </Empty>
      ) : (
        cards.map((card) => (
          <KeptCard key={card.id} accountId={accountId} card={card} cards={cards} maySpend={maySpend} />
        ))
      )}
      {maySpend ? <AddCard accountId={accountId} /> : null}
    </Page>
  )
}

/** Over when the month it says has ended. */
const isExpired = ({ expYear, expMonth }: Card, nowMs: number): boolean => Date.UTC(expYear, expMonth, 1) <= nowMs

function KeptCard(props: { accountId: string; card: Card; cards: readonly Card[]; maySpend: boolean }) {
  const { accountId, card, maySpend } = props
  const text = useText()
  const { t } = text
  const nowMs = useNow()
  const { revalidate } = useRevalidator()
  const path = `/accounts/${accountId}/cards/${card.id}`
  const choose = useOperation(
    useCallback(
      async (key: string) => {
        await call(`${path}/make-default`, { method: 'POST', body: {}, idempotencyKey: key })
        await revalidate()
      },
      [path, revalidate],
    ),
  )
  return (
    <section className="card stack" aria-labelledby={`card-${card.id}`}>
      <div className="cluster spread">
        <div>
          <h2 id={`card-${card.id}`}>{cardName(text, card)}</h2>
          <p className="muted">
            {t('cards.expires', { month: String(card.expMonth).padStart(2, '0'), year: String(card.expYear) })}
          </p>
        </div>
        <div className="cluster">
          {isExpired(card, nowMs) ? <Badge tone="bad">{t('cards.expired')}</Badge> : null}
          {card.isDefault ? <Badge tone="ok">{t('cards.charged')}</Badge> : null}
        </div>
      </div>
      <ErrorSummary error={choose.error} failures={choose.failures} />
      {maySpend ? (
        <div className="cluster">
          {card.isDefault ? null : (
            <Button pending={choose.pending} onClick={() => void choose.run()}>
              {t('cards.make_default')}
              <span className="visually-hidden">: {cardName(text, card)}</span>
            </Button>
          )}
          <RemoveCard {...props} path={path} />
        </div>
      ) : null}
    </section>
  )
}

/** Asks with the card's name, and says what follows. */
function RemoveCard({ card, cards, path }: { card: Card; cards: readonly Card[]; path: string }) {
  const text = useText()
  const { t } = text
  const { revalidate } = useRevalidator()
  const [isOpen, setOpen] = useState(false)
  const name = cardName(text, card)
  const next = cards.find(({ id }) => id !== card.id)
  const remove = useOperation(
    useCallback(
      async (key: string) => {
        await call(path, { method: 'DELETE', idempotencyKey: key })
        setOpen(false)
        await revalidate()
      },
      [path, revalidate],
    ),
  )
  return (
    <>
      <Button look="quiet" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('cards.remove')}
        <span className="visually-hidden">: {name}</span>
      </Button>
      <Dialog title={t('cards.remove_title', { card: name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>
          {!next
            ? t('cards.remove_last')
            : card.isDefault
              ? t('cards.remove_other', { card: cardName(text, next) })
              : t('cards.remove_spare')}
        </p>
        <ErrorSummary error={remove.error} failures={remove.failures} />
        <div className="dialog-actions">
          <Button onClick={() => setOpen(false)}>{t('cards.remove_keep')}</Button>
          <Button look="danger" pending={remove.pending} onClick={() => void remove.run()}>
            {t('cards.remove_do', { card: name })}
          </Button>
        </div>
      </Dialog>
    </>
  )
}

/** Leads to the gateway's page, once its holder has agreed to what the card is for. */
function AddCard({ accountId }: { accountId: string }) {
  const { t } = useText()
  const [hasAgreed, setAgreed] = useState(false)
  const [isMissing, setMissing] = useState(false)
  const open = useOperation(
    useCallback(
      async (key: string) => {
        const path = `/accounts/${accountId}/card-setups`
        const { url } = await call<{ url: string }>(path, {
          method: 'POST',
          body: { agree: true },
          idempotencyKey: key,
        })
        location.assign(url)
      },
      [accountId],
    ),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setMissing(!hasAgreed)
    if (hasAgreed) void open.run()
  }
  return (
    <section className="card stack" aria-labelledby="add-card">
      <h2 id="add-card">{t('cards.add_title')}</h2>
      <p className="muted">{t('cards.add_text')}</p>
      <ErrorSummary error={open.error} failures={open.failures} />
      <form className="form" onSubmit={submit} noValidate>
        <CheckField
          label={t('cards.agree')}
          name="agree"
          checked={hasAgreed}
          onChange={(event) => setAgreed(event.target.checked)}
          error={isMissing && !hasAgreed ? t('cards.agree_first') : undefined}
        />
        <div>
          <Button type="submit" look="primary" pending={open.pending}>
            {t('cards.add_do')}
          </Button>
        </div>
      </form>
    </section>
  )
}

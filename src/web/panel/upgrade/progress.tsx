import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { Check } from '../../design/icons.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { checkCard, PayByCard } from '../client/pay-by-card.tsx'
import { balanceFor, PayFromBalance } from '../client/pay-from-balance.tsx'
import { TransferInstructions } from '../client/transfer-instructions.tsx'
import { Page } from '../page.tsx'
import { usageText } from '../quota.ts'
import type { Payment } from '../types.ts'
import { Timeline } from '../timeline.tsx'
import { usageLabel } from '../usage-name.ts'
import { usePolling } from '../use-polling.ts'
import type { Offers } from './types.ts'

/** What was ordered, and the payments that it waits for. */
export async function loader({ params, request }: LoaderFunctionArgs) {
  const path = `/offers/${params['offerId']}`
  const known = await call<Offers>(path)
  const unpaid = known.orders.flatMap(({ status, payment }) =>
    status === 'waiting_for_payment' && payment ? [payment.id] : [],
  )
  const isBack = new URL(request.url).searchParams.has('card')
  if (isBack) await Promise.all(unpaid.map((id) => checkCard(request, id)))
  const offers = isBack && unpaid.length > 0 ? await call<Offers>(path) : known
  const waiting = offers.orders.filter(({ status }) => status === 'waiting_for_payment')
  const payments = await Promise.all(
    waiting.flatMap(({ payment }) => (payment ? [call<Payment>(`/payments/${payment.id}`)] : [])),
  )
  const balances = await Promise.all(payments.map((payment) => balanceFor(payment)))
  return { offers, payments, balances }
}

/** From the confirmation to the raised quota, live; then back to where the customer came from. */
export function Component() {
  const text = useText()
  const { t } = text
  const { offers, payments, balances } = useLoaderData<typeof loader>()
  const isStopped = offers.orders.length > 0 && offers.orders.every(({ status }) => status === 'cancelled')
  const isDone = offers.raisedAt !== null
  const isUnordered = offers.status === 'open'
  usePolling(!isDone && !isStopped && !isUnordered, 2000)
  if (isUnordered) return <Unordered offers={offers} />
  if (isStopped)
    return (
      <Page title={t('upgrade.progress_title')}>
        <Notice tone="warn">
          <p>{t('upgrade.progress_stopped')}</p>
        </Notice>
        <div>
          <ButtonLink look="primary" to="/client/upgrade">
            {t('upgrade.look_again')}
          </ButtonLink>
        </div>
      </Page>
    )
  const raises = offers.answer.offers[offers.chosen ?? 0]?.raises ?? []
  if (isDone)
    return (
      <Page title={t('upgrade.done_title')}>
        <Notice tone="ok" live>
          <ul>
            {raises.map(({ usageName, to }) => (
              <li key={usageName}>
                {t('upgrade.done_item', {
                  name: usageLabel(text, usageName),
                  to: usageText(text, usageName, Number(to)),
                })}
              </li>
            ))}
          </ul>
        </Notice>
        <div className="cluster">
          {offers.returnUrl === null ? null : (
            <a className="button button-primary" href={offers.returnUrl}>
              {t('upgrade.done_back')}
            </a>
          )}
          <ButtonLink look={offers.returnUrl === null ? 'primary' : 'plain'} to="/client">
            {t('upgrade.done_home')}
          </ButtonLink>
        </div>
        <Timeline correlationId={offers.correlationId} until={offers.raisedAt ?? ''} />
      </Page>
    )
  const isPaid = payments.length === 0
  return (
    <Page title={t(isPaid ? 'upgrade.progress_title' : 'upgrade.progress_pay')} lead={t('upgrade.progress_lead')}>
      <Steps isPaid={isPaid} />
      {payments.map((payment, index) => (
        <div key={payment.id} className="stack">
          <PayFromBalance payment={payment} balance={balances[index] ?? null} />
          <PayByCard payment={payment} returnPath={`/client/upgrade/${offers.id}`} />
          <TransferInstructions payment={payment} />
        </div>
      ))}
    </Page>
  )
}

/** An offer that nobody took up: what is needed today may be another, so nothing can be ordered from here. */
function Unordered({ offers: { createdAt, answeredAt, reply } }: { offers: Offers }) {
  const text = useText()
  const { t } = text
  return (
    <Page title={t('upgrade.unordered_title')} lead={t('upgrade.unordered', { date: text.date(createdAt) })}>
      {answeredAt === null ? null : (
        <Notice tone="ok" title={t('upgrade.contact_answered')}>
          <p>{reply}</p>
        </Notice>
      )}
      <div>
        <ButtonLink look="primary" to="/client/upgrade">
          {t('upgrade.look_again')}
        </ButtonLink>
      </div>
    </Page>
  )
}

function Steps({ isPaid }: { isPaid: boolean }) {
  const { t } = useText()
  const steps = [
    { key: 'ordered', state: 'done', title: t('upgrade.step_ordered') },
    { key: 'paid', state: isPaid ? 'done' : 'now', title: t(isPaid ? 'upgrade.step_paid' : 'upgrade.step_pay') },
    {
      key: 'raised',
      state: isPaid ? 'now' : 'later',
      title: t(isPaid ? 'upgrade.step_raising' : 'upgrade.step_raised'),
    },
  ]
  return (
    <ol className="progress card" aria-label={t('upgrade.step_label')}>
      {steps.map(({ key, state, title }) => (
        <li key={key} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="progress-dot" aria-hidden="true">
            {state === 'done' ? <Check size={13} strokeWidth={3} /> : null}
          </span>
          <p className="progress-title">{title}</p>
        </li>
      ))}
    </ol>
  )
}

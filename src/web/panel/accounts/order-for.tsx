import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import { Button, ButtonLink } from '../../design/button.tsx'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useSearch } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { periodName } from '../../messages/periods.ts'
import { resourceName } from '../../messages/quantity.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Slip } from '../checkout/summary.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import type { Account, Checkout, SoldPlan } from '../types.ts'
import { useOperation } from '../use-operation.ts'

export async function loader({ params, request }: LoaderFunctionArgs) {
  const draft = new URL(request.url).searchParams.get('checkout')
  const [account, checkout, plans] = await Promise.all([
    call<Account>(`/accounts/${params['accountId']}`),
    draft ? call<Checkout>(`/checkouts/${draft}`) : null,
    call<{ items: readonly SoldPlan[] }>('/plans'),
  ])
  const onSale = plans.items.filter(({ status, periods }) => status === 'active' && periods.length > 0)
  return { account, checkout, plans: onSale }
}

/** Ordering for a customer: what is chosen becomes a draft at today's prices, which is looked at and then placed. */
export function Component() {
  const { t } = useText()
  const { account, checkout, plans } = useLoaderData<typeof loader>()
  return (
    <Page
      aboveTitle={<BackLink to={`/portal/accounts/${account.id}`}>{account.name}</BackLink>}
      title={t('order_for.title', { name: account.name })}
      lead={t(checkout ? 'order_for.lead_confirm' : 'order_for.lead')}
    >
      {account.registration === 'quick' ? (
        <Notice tone="warn">
          <p>{t('order_for.incomplete')}</p>
        </Notice>
      ) : null}
      {checkout ? <Confirm account={account} checkout={checkout} /> : <Choose account={account} plans={plans} />}
    </Page>
  )
}

function Choose({ account, plans }: { account: Account; plans: readonly SoldPlan[] }) {
  const text = useText()
  const { t } = text
  const search = useSearch()
  const navigate = useNavigate()
  const plan = plans.find(({ id }) => id === search.get('plan')) ?? plans[0]
  const make = useOperation(
    useCallback(
      async (key: string, body: object) => {
        const made = await call<Checkout>('/checkouts', { method: 'POST', body, idempotencyKey: key })
        await navigate(`?checkout=${made.id}`)
      },
      [navigate],
    ),
  )
  if (!plan) return <p className="muted">{t('order_for.no_plans')}</p>
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string): string => String(form.get(name) ?? '').trim()
    const resources = plan.resources.flatMap(({ id }) => {
      const quantity = value(`r${id}`)
      return quantity ? [{ id, quantity }] : []
    })
    const amount = value('topup').replace(',', '.')
    void make.run({
      accountId: account.id,
      application: { planId: plan.id, planPeriodId: value('period'), resources },
      ...(amount && { topup: { amount } }),
    })
  }
  const isHourly = plan.billingType !== 'pay_in_full'
  return (
    <section className="card stack form-narrow" aria-label={t('order_for.what')}>
      <ErrorSummary error={make.error} failures={make.failures} />
      <SearchForm live>
        <SelectField
          label={t('order_for.plan')}
          name="plan"
          defaultValue={plan.id}
          options={plans.map(({ id, name, product }) => ({ value: id, label: `${product.name}: ${name}` }))}
        />
      </SearchForm>
      <form className="form" key={plan.id} onSubmit={submit} noValidate>
        <SelectField
          label={t('order_for.period')}
          name="period"
          error={fieldError(make.error, 'items[0].plan_period_id')}
          options={plan.periods.map(({ id, duration, trial }) => ({
            value: id,
            label: `${periodName(text, duration)}${trial ? `, ${t('order_for.trial')}` : ''}`,
          }))}
        />
        {isHourly ? (
          <TextField
            label={t('field.optional', { label: t('order_for.topup') })}
            name="topup"
            inputMode="decimal"
            autoComplete="off"
          />
        ) : (
          plan.resources.map(({ id, name, unit, minimum, limit }) => (
            <TextField
              key={id}
              label={resourceName(name, unit)}
              name={`r${id}`}
              inputMode="numeric"
              autoComplete="off"
              placeholder={minimum}
              hint={t('order_for.range', { minimum, limit: limit ?? '∞' })}
            />
          ))
        )}
        <div>
          <Button type="submit" look="primary" pending={make.pending}>
            {t('order_for.price')}
          </Button>
        </div>
      </form>
    </section>
  )
}

function Confirm({ account, checkout }: { account: Account; checkout: Checkout }) {
  const { t } = useText()
  const navigate = useNavigate()
  const [second, setSecond] = useState(false)
  const place = useOperation(
    useCallback(
      async (key: string, form: FormData) => {
        const attributes = Object.fromEntries(
          checkout.attributes.map(({ key: name }) => [name, String(form.get(`attributes.${name}`) ?? '').trim()]),
        )
        if (checkout.attributes.length > 0)
          await call(`/checkouts/${checkout.id}`, { method: 'PATCH', body: { attributes } })
        const order = await call<{ id: string }>(`/checkouts/${checkout.id}/place`, {
          method: 'POST',
          body: {
            expectedTotal: checkout.total,
            acceptTerms: form.get('accept_terms') === 'on',
            allowSecond: form.get('allow_second') === 'on',
          },
          idempotencyKey: key,
        })
        await navigate(`/portal/orders/${order.id}`)
      },
      [checkout, navigate],
    ),
  )
  const asksSecond = second || place.error?.code === 'second_subscription' || checkout.existing.length > 0
  return (
    <form
      className="halves"
      onSubmit={(event) => {
        event.preventDefault()
        setSecond(asksSecond)
        void place.run(new FormData(event.currentTarget))
      }}
      noValidate
    >
      <div className="card stack">
        <ErrorSummary error={place.error} failures={place.failures} />
        {checkout.attributes.map(({ key, label, required, value }) => (
          <TextField
            key={key}
            label={required ? label : t('field.optional', { label })}
            name={`attributes.${key}`}
            defaultValue={value ?? ''}
            error={fieldError(place.error, `attributes.${key}`)}
          />
        ))}
        {asksSecond && checkout.secondSubscription !== 'refuse' ? (
          <CheckField name="allow_second" label={t('order_for.second')} />
        ) : null}
        {checkout.termsUrl === null ? null : (
          <CheckField
            name="accept_terms"
            label={t('order_for.terms')}
            hint={
              <a href={checkout.termsUrl} target="_blank" rel="noreferrer">
                {checkout.termsUrl}
              </a>
            }
          />
        )}
        <p className="muted small">{t('order_for.note')}</p>
        <div className="cluster">
          <Button type="submit" look="primary" pending={place.pending}>
            {t('order_for.place', { name: account.name })}
          </Button>
          <ButtonLink to={`/portal/accounts/${account.id}/order?plan=${checkout.plan.id}`}>
            {t('order_for.back')}
          </ButtonLink>
        </div>
      </div>
      <Slip checkout={checkout} />
    </form>
  )
}

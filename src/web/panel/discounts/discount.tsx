import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { History } from '../history.tsx'
import { Page } from '../page.tsx'
import { SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import { can, useSession } from '../session.ts'
import type { SoldPlan } from '../types.ts'
import { Codes } from './codes.tsx'
import { DiscountFields, FEES } from './fields.tsx'
import { State } from './state.tsx'
import type { Discount, Named, PromoCode } from './types.ts'
import { Uses } from './uses.tsx'

/** `?account=` is a customer to give it to, who is not on its list yet. */
export async function loader({ params, request }: LoaderFunctionArgs) {
  const id = params['discountId'] ?? ''
  const isNew = id === 'new'
  const added = new URL(request.url).searchParams.get('account')
  const [plans, list, discount, codes, account] = await Promise.all([
    call<{ items: readonly SoldPlan[] }>('/plans'),
    isNew ? call<{ currency: string }>('/discounts') : null,
    isNew ? null : call<Discount>(`/discounts/${id}`),
    isNew ? null : call<{ items: readonly PromoCode[] }>(`/discounts/${id}/codes`),
    added === null ? null : call<Named>(`/accounts/${added}`),
  ])
  return {
    plans: plans.items,
    currency: list?.currency ?? discount?.amount?.currency,
    discount,
    codes: codes?.items ?? [],
    accounts: [...(discount?.accounts ?? []), ...(account ? [{ id: account.id, name: account.name }] : [])],
  }
}

/** A discount: what it takes off, its codes, and the orders that have it; or a new one. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { plans, currency, discount, codes, accounts } = useLoaderData<typeof loader>()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  const unit = currency ?? session.account?.currency ?? plans[0]?.periods[0]?.recurringFee.currency ?? 'USD'
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const made = await call<Discount>(discount ? `/discounts/${discount.id}` : '/discounts', {
        method: discount ? 'PATCH' : 'POST',
        body: bodyOf(value, plans, accounts, unit),
        idempotencyKey: key,
        ...(discount && { ifMatch: discount.version }),
      })
      setSaved(true)
      if (discount) await revalidate()
      else await navigate(`/portal/discounts/${made.id}`, { replace: true })
    },
    [discount, plans, accounts, unit, navigate, revalidate],
  )
  return (
    <Page
      title={discount?.name ?? t('discounts.add')}
      aboveTitle={<BackLink to="/portal/discounts">{t('nav.discounts')}</BackLink>}
      eyebrow={discount ? <State discount={discount} /> : undefined}
    >
      <Saved when={saved} />
      {discount && discount.belowCost.length > 0 ? (
        <Notice tone="warn" title={t('discount.below_cost')}>
          <ul>
            {discount.belowCost.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {discount?.needsCode ? <Codes discountId={discount.id} codes={codes} /> : null}
      {can(session, 'plans:write') ? (
        <section className="card stack">
          <SaveForm key={discount?.version ?? 0} save={save} submit={t(discount ? 'setup.save' : 'discount.submit')}>
            {(error) => (
              <DiscountFields discount={discount} plans={plans} accounts={accounts} currency={unit} error={error} />
            )}
          </SaveForm>
        </section>
      ) : null}
      {discount ? <Uses discountId={discount.id} /> : null}
      {discount ? <History kind="discount" id={discount.id} version={discount.version} /> : null}
    </Page>
  )
}

function bodyOf(value: Values, plans: readonly SoldPlan[], accounts: readonly Named[], currency: string) {
  const chosen = (name: string, among: readonly { readonly id: string }[]): string[] =>
    among.filter(({ id }) => value(`${name}.${id}`) === 'on').map(({ id }) => id)
  const figure = value('value').replace(',', '.')
  const isShare = value('kind') === 'percent'
  const howLong = value('periods_kind')
  const instant = (name: string): string | null => (value(name) === '' ? null : new Date(value(name)).toISOString())
  return {
    name: value('name'),
    needsCode: value('needs_code') === 'code',
    percent: isShare ? figure : null,
    amount: isShare ? null : { amount: figure, currency },
    fees: FEES.filter((fee) => value(`fees.${fee}`) === 'on'),
    periods: howLong === 'every' ? null : howLong === 'some' ? Number(value('periods')) : 1,
    planIds: chosen('plan_ids', plans),
    accountIds: chosen('account_ids', accounts),
    ownedPlanIds: chosen('owned_plan_ids', plans),
    planPeriodIds: value('plan_period_ids')
      .split(/[\s,]+/)
      .filter((id) => id !== ''),
    startsAt: instant('starts_at'),
    endsAt: instant('ends_at'),
    active: value('active') === 'on',
  }
}

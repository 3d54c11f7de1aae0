import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { CheckField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { periodName } from '../../messages/periods.ts'
import { resourceName } from '../../messages/quantity.ts'
import { type PageText, useText } from '../../messages/use-text.ts'
import { type ApiError, call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import { SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import type { Resold } from './types.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const { sellerId = '', planId = '' } = params
  return { sellerId, resold: await call<Resold>(`/plans/${planId}/delegations/${sellerId}`) }
}

/** How one plan of those above is sold on: whether at all, the markup, a price of its own in place of the computed one. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { sellerId, resold } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  const save = useCallback(
    async (value: Values) => {
      setSaved(false)
      const fixedPrices = Object.fromEntries(
        resold.prices.flatMap(({ key }) => {
          const price = value(`fixed_prices.${key}`).replace(',', '.')
          return price === '' ? [] : [[key, price]]
        }),
      )
      await call(`/plans/${resold.plan.id}/delegations/${sellerId}`, {
        method: 'PUT',
        body: {
          markupPercent: value('markup_percent').replace(',', '.') || '0',
          fixedPrices,
          ...(resold.decides && {
            active: value('active') === 'on',
            exchangeRate: value('exchange_rate').replace(',', '.') || resold.exchangeRate,
          }),
        },
      })
      setSaved(true)
      await revalidate()
    },
    [sellerId, resold, revalidate],
  )
  const below = resold.prices.filter(({ belowCost }) => belowCost).length
  const back = `/portal/prices${sellerId === session.tenant?.id ? '' : `?seller=${sellerId}`}`
  return (
    <Page
      title={resold.plan.name}
      eyebrow={resold.product.name}
      aboveTitle={<BackLink to={back}>{t('nav.prices')}</BackLink>}
      lead={t('price.lead', { from: resold.from.name, currency: resold.currency })}
    >
      <Saved when={saved} />
      {resold.sold && below > 0 ? (
        <Notice tone="warn" title={t('prices.below', { n: below })}>
          <p>{t('price.below_text')}</p>
        </Notice>
      ) : null}
      {can(session, 'plans:write') ? (
        <section className="card stack">
          <SaveForm key={JSON.stringify(resold)} save={save} submit={t('setup.save')}>
            {(error) => <PriceForm resold={resold} error={error} />}
          </SaveForm>
        </section>
      ) : null}
    </Page>
  )
}

function PriceForm({ resold, error }: { resold: Resold; error: ApiError | null }) {
  const text = useText()
  const { t } = text
  const { decides, currency, currencyAbove } = resold
  return (
    <>
      {decides ? (
        <CheckField
          label={t('price.active')}
          name="active"
          hint={t('price.active_hint')}
          defaultChecked={resold.sold}
        />
      ) : null}
      {decides && currency !== currencyAbove ? (
        <TextField
          label={t('price.rate', { above: currencyAbove, currency })}
          name="exchange_rate"
          inputMode="decimal"
          autoComplete="off"
          hint={t('price.rate_hint')}
          defaultValue={resold.exchangeRate}
          error={fieldError(error, 'exchange_rate')}
        />
      ) : null}
      <TextField
        label={t('price.markup')}
        name="markup_percent"
        inputMode="decimal"
        autoComplete="off"
        hint={t('price.markup_hint')}
        defaultValue={resold.markupPercent}
        error={fieldError(error, 'markup_percent')}
      />
      <section className="stack" aria-labelledby="prices">
        <div className="stack stack-1">
          <h2 id="prices" tabIndex={-1} data-field="fixed_prices">
            {t('price.prices')}
          </h2>
          <p className="hint">{t('price.fixed_hint')}</p>
          {fieldError(error, 'fixed_prices') ? (
            <p className="field-error">{fieldError(error, 'fixed_prices')}</p>
          ) : null}
        </div>
        {resold.prices.length === 0 ? <p className="muted">{t('price.nothing')}</p> : null}
        {resold.prices.map((price) => (
          <fieldset key={price.key} className="row-fields">
            <legend>{nameOf(text, resold, price)}</legend>
            <p>
              <span className="hint">{t('price.cost')}</span>
              <br />
              {price.netCost}
            </p>
            <p>
              <span className="hint">{t('price.now')}</span>
              <br />
              <strong>{price.price}</strong> {price.belowCost ? <Badge tone="warn">{t('price.below')}</Badge> : null}
            </p>
            <TextField
              label={t('price.fixed', { currency })}
              name={`fixed_prices.${price.key}`}
              inputMode="decimal"
              autoComplete="off"
              placeholder={price.computed}
              defaultValue={price.fixed ? price.price : ''}
              error={fieldError(error, `fixed_prices.${price.key}`)}
            />
          </fieldset>
        ))}
      </section>
    </>
  )
}

function nameOf(text: PageText, resold: Resold, { key, itemId, fee }: Resold['prices'][number]): string {
  const period = key.startsWith('period:') ? resold.periods.find(({ id }) => id === itemId) : undefined
  const resource = resold.resources.find(({ id }) => id === itemId)
  const name = period ? periodName(text, period.duration) : resourceName(resource?.name ?? '', resource?.unit ?? '')
  return text.t(`fee.${fee}`, { name })
}

import { Fragment, lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useLoaderData, useNavigate } from 'react-router'
import { build } from '../../../link/build.ts'
import { CopyButton } from '../../design/copy.tsx'
import { Empty } from '../../design/empty.tsx'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { Link2 } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { Lines } from '../../design/lines.tsx'
import { Notice } from '../../design/notice.tsx'
import { Money } from '../../design/values.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { periodName } from '../../messages/periods.ts'
import { resourceName } from '../../messages/quantity.ts'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { can, loadSession, useSession } from '../session.ts'
import { chosenKey, NOBODY } from './link-for.ts'
import { PlanLinks } from './plan-links.tsx'
import type { Page as ListPage, Manager, SoldPlan } from '../types.ts'
import type { Explained } from '../setup/types.ts'

const QrCode = lazy(() => import('./qr-code.tsx').then((module) => ({ default: module.QrCode })))

export async function loader() {
  const session = await loadSession()
  const [plans, managers] = await Promise.all([
    call<{ items: readonly SoldPlan[] }>('/plans'),
    can(session, 'managers:read') ? call<ListPage<Manager>>('/managers?limit=200') : null,
  ])
  return {
    plans: plans.items.filter((plan) => plan.periods.length > 0),
    managers: managers?.items.filter((manager) => manager.active && manager.key !== null) ?? [],
  }
}

/** Puts a buy-link together from what is sold; every choice stands in the address, so the page itself can be sent. */
export function Component() {
  const text = useText()
  const { t } = text
  const { plans, managers } = useLoaderData<typeof loader>()
  const session = useSession()
  const search = useSearch()
  const navigate = useNavigate()
  const plan = plans.find(({ id }) => id === search.get('plan')) ?? plans[0]
  const period = plan?.periods.find(({ id }) => id === search.get('period')) ?? plan?.periods[0]
  const wish = chosenKey(search.get('manager'), session.manager?.key)
  const key = managers.some((manager) => manager.key === wish) ? wish : null
  const link = useMemo(
    () => (plan && period ? linkOf(plan, period.id, key, search) : null),
    [plan, period, key, search],
  )
  if (!plan || !period)
    return (
      <Page title={t('nav.links')}>
        <Empty icon={Link2} title={t('plans.empty_title')}>
          <p>{t('plans.empty')}</p>
          {can(session, 'plans:write') ? (
            <Link className="button" to="/portal/products">
              {t('plans.empty_go')}
            </Link>
          ) : null}
        </Empty>
      </Page>
    )
  const isHourly = plan.billingType !== 'pay_in_full'
  return (
    <Page title={t('nav.links')} lead={t('links.lead')}>
      <div className="halves">
        <section className="card stack" aria-label={t('links.choices')}>
          <SearchForm live className="form">
            <SelectField
              label={t('links.plan')}
              name="plan"
              defaultValue={plan.id}
              // Another plan has other periods and resources: what was chosen of them is let go.
              onChange={(event) => {
                event.stopPropagation()
                void navigate(`?plan=${event.target.value}`)
              }}
              options={plans.map(({ id, name, product }) => ({ value: id, label: `${product.name}: ${name} (${id})` }))}
            />
            <Fragment key={plan.id}>
              <SelectField
                label={t('links.period')}
                name="period"
                defaultValue={period.id}
                options={plan.periods.map((each) => ({
                  value: each.id,
                  label: `${periodName(text, each.duration)}${each.trial ? `, ${t('links.trial')}` : ''} (${each.id})`,
                }))}
              />
              {isHourly
                ? null
                : plan.resources.map((resource) => (
                    <TextField
                      key={resource.id}
                      label={resourceName(resource.name, resource.unit)}
                      name={`r${resource.id}`}
                      inputMode="numeric"
                      defaultValue={search.get(`r${resource.id}`) ?? ''}
                      placeholder={resource.minimum}
                      hint={t('plans.range', { minimum: resource.minimum, limit: resource.limit ?? '∞' })}
                    />
                  ))}
              {isHourly ? (
                <TextField
                  label={t('links.topup', { currency: period.recurringFee.currency })}
                  name="topup"
                  inputMode="decimal"
                  defaultValue={search.get('topup') ?? ''}
                />
              ) : null}
              {managers.length > 0 ? (
                <SelectField
                  label={t('plans.credit')}
                  name="manager"
                  defaultValue={key ?? NOBODY}
                  options={[
                    { value: NOBODY, label: t('plans.nobody') },
                    ...managers.map(({ key, name }) => ({ value: key ?? '', label: `${name} (${key})` })),
                  ]}
                />
              ) : null}
              <CheckField label={t('links.skip')} name="skip" value="1" defaultChecked={search.get('skip') === '1'} />
            </Fragment>
          </SearchForm>
        </section>
        {link ? (
          <Result link={link} />
        ) : (
          <Notice tone="warn">
            <p>
              {t('links.no_store')} <Link to="/portal/stores">{t('links.open_store')}</Link>
            </p>
          </Notice>
        )}
      </div>
      <section className="stack" aria-labelledby="ready">
        <div className="stack stack-1">
          <h2 id="ready">{t('links.ready')}</h2>
          <p className="muted">{t('links.ready_lead')}</p>
        </div>
        {plans.map((each) => (
          <PlanLinks key={each.id} plan={each} managerKey={key} />
        ))}
      </section>
    </Page>
  )
}

function linkOf(plan: SoldPlan, periodId: string, key: string | null, search: URLSearchParams): string | null {
  const base = (plan.buyLink ?? plan.tryLink)?.split('?')[0]
  if (base === undefined) return null
  const resources = plan.resources.flatMap(({ id }) => {
    const quantity = search.get(`r${id}`)?.trim()
    return quantity ? [{ id, quantity }] : []
  })
  const topup = search.get('topup')?.trim().replace(',', '.')
  return build({
    base,
    application: { plan_id: plan.id, plan_period_id: periodId, resources },
    topup: topup ? { amount: topup } : null,
    manager_key: key,
    skip_all_steps: search.get('skip') === '1',
  })
}

/** The link, ready to copy and as a picture, and what the server says it will do. */
function Result({ link }: { link: string }) {
  const { t } = useText()
  const [answer, setAnswer] = useState<{ link: string; explained: Explained } | null>(null)
  useEffect(() => {
    const gone = new AbortController()
    call<Explained>('/buy-links/explain', { method: 'POST', body: { url: link }, signal: gone.signal }).then(
      (explained) => setAnswer({ link, explained }),
      () => undefined,
    )
    return () => gone.abort()
  }, [link])
  const explained = answer?.link === link ? answer.explained : null
  return (
    <section className="stack" aria-label={t('links.result')} aria-busy={explained === null}>
      <div className="link-box">
        <a className="mono small" href={link} target="_blank" rel="noreferrer" data-testid="link">
          {link}
        </a>
        <CopyButton value={link} name={t('links.link')} />
      </div>
      <div aria-live="polite" className="stack">
        {explained ? <Explanation explained={explained} /> : null}
      </div>
      {explained ? (
        <Suspense fallback={null}>
          <QrCode text={link} />
        </Suspense>
      ) : null}
    </section>
  )
}

function Explanation({ explained }: { explained: Explained }) {
  const { t } = useText()
  const { valid, lines, total, topup, attributed, manager, errors, warnings } = explained
  return (
    <>
      <Notice tone={valid ? 'ok' : 'bad'} title={t(valid ? 'links.good' : 'links.bad')}>
        {[...errors, ...warnings].length > 0 ? (
          <ul className="stack stack-1">
            {[...errors, ...warnings].map(({ code, part, message, suggestion }) => (
              <li key={`${part}${code}`}>
                {message} {suggestion}
              </li>
            ))}
          </ul>
        ) : null}
        {attributed === null ? null : (
          <p>{attributed ? t('links.credited', { name: manager?.name ?? '' }) : t('links.not_credited')}</p>
        )}
      </Notice>
      {total ? (
        <Lines
          items={[
            ...lines.map((line, index) => ({
              key: String(index),
              label: `${line.quantity} × ${line.description}`,
              value: <Money value={line.net} />,
            })),
            ...(topup ? [{ key: 'topup', label: t('links.first_payment'), value: <Money value={topup} code /> }] : []),
            { key: 'total', label: t('links.total'), value: <Money value={total} code />, total: true },
          ]}
        />
      ) : null}
    </>
  )
}

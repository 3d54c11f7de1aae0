import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { SaveForm, type Values } from '../save-form.tsx'
import { Saved } from '../saved.tsx'
import { History } from '../history.tsx'
import { PeriodFields, readPeriod } from './period-fields.tsx'
import { can, useSession } from '../session.ts'
import type { SoldPlan } from '../types.ts'
import { planOptions } from './plan-choice.tsx'
import { PlanStatus } from './plan-status.tsx'
import { PlanTerms, readTerms } from './plan-terms.tsx'
import { QuestionFields, readQuestion } from './question-fields.tsx'
import { ResourceFields, readResource } from './resource-fields.tsx'
import { Rows, useRows } from './rows.tsx'
import type { EditedPlan, Product } from './types.ts'

/** Below the form, and asks for its prices by itself. */
const PlanPreview = lazy(() => import('./plan-preview.tsx').then((module) => ({ default: module.PlanPreview })))

export async function loader({ params }: LoaderFunctionArgs) {
  const { productId, planId = 'new' } = params
  const [product, plan] = await Promise.all([
    call<Product>(`/products/${productId}`),
    planId === 'new' ? null : call<EditedPlan>(`/plans/${planId}`),
  ])
  // What a new plan is priced in.
  const { currency } = plan ?? (await call<{ currency: string }>('/price-list'))
  return { product, plan, currency }
}

interface Choices {
  readonly others: readonly SoldPlan[]
  readonly connectors: readonly string[]
}

/** What the choices further down are from: asked for once the page shows. */
async function readChoices(planId: string | undefined, mayReadConnectors: boolean): Promise<Choices> {
  const [sold, connectors] = await Promise.all([
    call<{ items: readonly SoldPlan[] }>('/plans'),
    mayReadConnectors ? call<{ items: readonly { readonly name: string }[] }>('/connectors') : { items: [] },
  ])
  return {
    others: sold.items.filter(({ id }) => id !== planId),
    connectors: connectors.items.map(({ name }) => name),
  }
}

/** A plan: how it is billed, for how long it is sold, what is in it; its price tried out; on sale, or retired. */
export function Component() {
  const data = useLoaderData<typeof loader>()
  const [saved, setSaved] = useState(false)
  const [choices, setChoices] = useState<Choices | null>(null)
  const mayReadConnectors = can(useSession(), 'connectors:read')
  const planId = data.plan?.id
  useEffect(() => {
    let isGone = false
    // Without them what was chosen stays.
    const none = { others: [], connectors: [] }
    void readChoices(planId, mayReadConnectors)
      .catch(() => none)
      .then((read) => isGone || setChoices(read))
    return () => {
      isGone = true
    }
  }, [planId, mayReadConnectors])
  // Once saved it is another plan: what was added has ids now, and would be added again without them.
  return (
    <PlanPage
      key={`${data.plan?.id} ${data.plan?.version}`}
      {...data}
      choices={choices}
      saved={saved}
      onSaved={setSaved}
    />
  )
}

function PlanPage({
  product,
  plan,
  choices,
  currency,
  saved,
  onSaved: setSaved,
}: Awaited<ReturnType<typeof loader>> & {
  choices: Choices | null
  saved: boolean
  onSaved: (saved: boolean) => void
}) {
  const { t } = useText()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [billing, setBilling] = useState<string>(plan?.billingType ?? 'pay_in_full')
  const periods = useRows(plan?.periods ?? [null])
  const resources = useRows(plan?.resources ?? [])
  const questions = useRows(plan?.orderAttributes ?? [])
  const isHourly = billing === 'pay_as_you_go_internal'
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const body = {
        name: value('name'),
        summary: value('summary'),
        status: value('status'),
        billingType: billing,
        ...(!plan && { productId: product.id }),
        ...(value('status') === 'retired' && { successorId: value('successor_id') || null }),
        periods: periods.rows.map((row, index) => readPeriod(value, `periods.${index}`, row.item, currency)),
        resources: resources.rows.map((row, index) =>
          readResource(value, `resources.${index}`, row.item, currency, isHourly),
        ),
        orderAttributes: questions.rows.map((_, index) => readQuestion(value, `order_attributes.${index}`)),
        ...readTerms(value, plan, currency),
      }
      const made = await call<EditedPlan>(plan ? `/plans/${plan.id}` : '/plans', {
        method: plan ? 'PATCH' : 'POST',
        body,
        idempotencyKey: key,
        ...(plan && { ifMatch: plan.version }),
      })
      setSaved(true)
      if (plan) await revalidate()
      else await navigate(`/portal/products/${product.id}/plans/${made.id}`, { replace: true })
    },
    [
      plan,
      product,
      currency,
      billing,
      isHourly,
      periods.rows,
      resources.rows,
      questions.rows,
      navigate,
      revalidate,
      setSaved,
    ],
  )
  return (
    <Page
      title={plan?.name ?? t('plan.add')}
      aboveTitle={<BackLink to={`/portal/products/${product.id}`}>{product.name}</BackLink>}
      eyebrow={plan ? <PlanStatus status={plan.status} /> : null}
      actions={
        plan && plan.billingType === 'pay_in_full' ? (
          <ButtonLink to={`/portal/products/${product.id}/plans/${plan.id}/price-change`}>
            {t('plan.running_prices')}
          </ButtonLink>
        ) : null
      }
    >
      <Saved when={saved} />
      <section className="card stack">
        <SaveForm save={save} submit={t(plan ? 'setup.save' : 'plan.submit')}>
          {(error) => (
            <>
              <TextField
                label={t('plan.name')}
                name="name"
                required
                defaultValue={plan?.name}
                error={fieldError(error, 'name')}
              />
              <TextField
                label={t('products.summary')}
                name="summary"
                defaultValue={plan?.summary}
                error={fieldError(error, 'summary')}
              />
              <SelectField
                label={t('plan.billing')}
                name="billing_type"
                value={billing}
                onChange={(event) => setBilling(event.target.value)}
                disabled={plan?.launched ?? false}
                hint={plan?.launched ? t('plan.billing_fixed') : undefined}
                error={fieldError(error, 'billing_type')}
                options={(['pay_in_full', 'pay_as_you_go_internal', 'pay_as_you_go_external'] as const).map(
                  (value) => ({
                    value,
                    label: t(`billing.${value}`),
                  }),
                )}
              />
              <Rows
                title={t('plan.periods')}
                name="periods"
                hint={t('plan.periods_hint')}
                add={t('plan.add_period')}
                table={periods}
                error={fieldError(error, 'periods')}
                canRemove={(item) => item === null}
                legend={(item, n) => <Legend word={t('plan.period')} n={n} id={item?.id} />}
              >
                {(item, path) => (
                  <PeriodFields item={item} path={path} currency={currency} isHourly={isHourly} error={error} />
                )}
              </Rows>
              <Rows
                title={t('plan.resources')}
                name="resources"
                hint={t('plan.resources_hint')}
                add={t('plan.add_resource')}
                table={resources}
                error={fieldError(error, 'resources')}
                canRemove={(item) => item === null}
                legend={(item, n) => <Legend word={t('plan.resource')} n={n} id={item?.id} />}
              >
                {(item, path) => (
                  <ResourceFields item={item} path={path} currency={currency} isHourly={isHourly} error={error} />
                )}
              </Rows>
              <Rows
                title={t('plan.questions')}
                name="order_attributes"
                hint={t('plan.questions_hint')}
                add={t('plan.add_question')}
                table={questions}
                error={fieldError(error, 'order_attributes')}
                canRemove={() => true}
                legend={(_item, n) => `${t('plan.question')} ${n}`}
              >
                {(item, path) => <QuestionFields item={item} path={path} error={error} />}
              </Rows>
              <PlanTerms
                plan={plan}
                others={choices?.others ?? []}
                connectors={choices?.connectors ?? []}
                currency={currency}
                isPrepaidPeriod={billing === 'pay_in_full'}
                error={error}
              />
              <SelectField
                label={t('column.status')}
                name="status"
                defaultValue={plan?.status ?? 'draft'}
                hint={t('plan.status_hint')}
                error={fieldError(error, 'status')}
                options={(['draft', 'active', 'retired'] as const).map((value) => ({
                  value,
                  label: t(`plan.${value}`),
                }))}
              />
              <SelectField
                label={t('plan.successor')}
                name="successor_id"
                hint={t('plan.successor_hint')}
                defaultValue={plan?.successorId ?? ''}
                error={fieldError(error, 'successor_id')}
                options={[
                  { value: '', label: t('plan.no_successor') },
                  ...planOptions(choices?.others ?? [], plan?.successorId ? [plan.successorId] : [], t('plan.name')),
                ]}
              />
            </>
          )}
        </SaveForm>
      </section>
      {plan && choices ? (
        <Suspense>
          <PlanPreview plan={plan} />
        </Suspense>
      ) : null}
      {plan ? <History kind="plan" id={plan.id} version={plan.version} /> : null}
    </Page>
  )
}

/** `Period 1`, and the id that goes into links, ready to copy. */
function Legend({ word, n, id }: { word: string; n: number; id: string | undefined }) {
  const { t } = useText()
  return (
    <>
      {word} {n}{' '}
      {id === undefined ? null : (
        <Copyable value={id} name={t('setup.id_of', { name: `${word} ${n}` })} shown={t('setup.id_is', { id })} />
      )}
    </>
  )
}

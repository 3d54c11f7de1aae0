import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { periodName } from '../../messages/periods.ts'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { Values } from '../save-form.tsx'
import type { SoldPlan } from '../types.ts'
import { PlanChoice, readChoice } from './plan-choice.tsx'
import type { EditedPlan } from './types.ts'

/** On which terms a plan is ordered: paid when, with which top-up, a second time or not, beside which plans, set up by which service. */
export function PlanTerms({
  plan,
  others,
  connectors,
  currency,
  isPrepaidPeriod,
  error,
}: {
  plan: EditedPlan | null
  /** What else is sold. */
  others: readonly SoldPlan[]
  /** Names of the seller's services. */
  connectors: readonly string[]
  currency: string
  /** Paid in advance by period: nothing is used up, so there is no top-up. */
  isPrepaidPeriod: boolean
  error: ApiError | null
}) {
  const text = useText()
  const { t } = text
  const connector = plan?.connector ?? BUILTIN
  const models = plan?.paymentModels ?? ['prepay']
  // What “Buy now” orders is paid for and shown; a new period has no id to name it by before it is saved.
  const periods = plan?.periods.filter((period) => period.public && !period.trial) ?? []
  return (
    <>
      <h2>{t('plan.terms')}</h2>
      <SelectField
        label={t('plan.payment')}
        name="payment_models"
        defaultValue={models.length > 1 ? BOTH : models[0]}
        error={fieldError(error, 'payment_models')}
        options={[
          { value: 'prepay', label: t('plan.payment_prepay') },
          { value: 'postpay', label: t('plan.payment_postpay') },
          { value: BOTH, label: t('plan.payment_both') },
        ]}
      />
      {isPrepaidPeriod ? null : (
        <TextField
          label={t('plan.topup', { currency })}
          name="minimum_topup"
          hint={t('plan.topup_hint')}
          inputMode="decimal"
          autoComplete="off"
          defaultValue={plan?.minimumTopup?.amount ?? ''}
          error={fieldError(error, 'minimum_topup') ?? fieldError(error, 'minimum_topup.amount')}
        />
      )}
      <SelectField
        label={t('plan.second')}
        name="second_subscription"
        defaultValue={plan?.secondSubscription ?? 'ask'}
        error={fieldError(error, 'second_subscription')}
        options={(['allow', 'ask', 'refuse'] as const).map((value) => ({ value, label: t(`plan.second_${value}`) }))}
      />
      {periods.length > 1 ? (
        <SelectField
          label={t('plan.buy_now')}
          name="default_period_id"
          defaultValue={plan?.defaultPeriodId ?? ''}
          error={fieldError(error, 'default_period_id')}
          options={[
            { value: '', label: t('plan.cheapest') },
            ...periods.map(({ id = '', duration }) => ({ value: id, label: periodName(text, duration) })),
          ]}
        />
      ) : null}
      <PlanChoice
        label={t('plan.switchable')}
        name="switchable_plan_ids"
        hint={t('plan.switchable_hint')}
        plans={others}
        chosen={plan?.switchablePlanIds ?? []}
        isOrdered
        error={fieldError(error, 'switchable_plan_ids')}
      />
      <PlanChoice
        label={t('plan.addon_to')}
        name="addon_to_plan_ids"
        hint={t('plan.addon_to_hint')}
        plans={others}
        chosen={plan?.addonToPlanIds ?? []}
        error={fieldError(error, 'addon_to_plan_ids')}
      />
      <SelectField
        label={t('plan.connector')}
        name="connector"
        hint={t('plan.connector_hint')}
        defaultValue={connector}
        error={fieldError(error, 'connector')}
        options={[
          { value: BUILTIN, label: t('plan.builtin') },
          // A service that is gone, or not this person's to see, stays what the plan names.
          ...[...new Set([...connectors, connector])]
            .filter((name) => name !== BUILTIN)
            .map((name) => ({ value: name, label: name })),
        ]}
      />
      <CheckField label={t('plan.public')} name="public" defaultChecked={plan?.public ?? true} />
    </>
  )
}

const BOTH = 'prepay postpay'
const BUILTIN = 'builtin'

/** What is not asked for stays as it is. */
export function readTerms(value: Values, plan: EditedPlan | null, currency: string) {
  const topup = value('minimum_topup').replace(',', '.')
  const models = value('payment_models').split(' ')
  const isBoth = models.length > 1 && plan !== null && plan.paymentModels.length > 1
  const shown = plan?.periods.filter((period) => period.public && !period.trial) ?? []
  return {
    paymentModels: isBoth ? plan.paymentModels : models,
    minimumTopup: topup === '' ? null : { amount: topup, currency },
    secondSubscription: value('second_subscription'),
    switchablePlanIds: readChoice(value, 'switchable_plan_ids'),
    addonToPlanIds: readChoice(value, 'addon_to_plan_ids'),
    connector: value('connector'),
    public: value('public') === 'on',
    ...(shown.length > 1 && { defaultPeriodId: value('default_period_id') || null }),
  }
}

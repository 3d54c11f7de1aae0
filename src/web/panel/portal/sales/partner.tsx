import { type FormEvent, useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import { Button, ButtonLink } from '../../../design/button.tsx'
import { SelectField, TextField } from '../../../design/field.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { Page } from '../../page.tsx'
import { ErrorSummary, fieldError } from '../../problems.tsx'
import type { Page as ListPage } from '../../types.ts'
import { useOperation } from '../../use-operation.ts'
import { ReportLink } from './report-link.tsx'
import type { Partner, Program } from './types.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const id = params['partnerId']
  const [partner, programs] = await Promise.all([
    id === undefined ? null : call<Partner>(`/referral-partners/${id}`),
    call<ListPage<Program>>('/referral-programs?limit=200'),
  ])
  return { partner, programs: programs.items }
}

const HOME = '/portal/referrals'

/** A new partner, or a partner's terms and their private link. */
export function Component() {
  const { t } = useText()
  const { partner, programs } = useLoaderData<typeof loader>()
  return (
    <Page
      aboveTitle={
        <BackLink to={partner ? `/portal/managers/${partner.id}` : HOME}>
          {partner?.name ?? t('nav.referrals')}
        </BackLink>
      }
      title={partner ? t('referrals.terms_of', { name: partner.name }) : t('referrals.add_partner')}
    >
      {partner ? <ReportLink partner={partner} /> : null}
      <Terms partner={partner} programs={programs} />
    </Page>
  )
}

function Terms({ partner, programs }: { partner: Partner | null; programs: readonly Program[] }) {
  const { t } = useText()
  const navigate = useNavigate()
  const save = useOperation(
    useCallback(
      async (key: string, body: Record<string, unknown>) => {
        if (partner) {
          await call(`/referral-partners/${partner.id}`, { method: 'PATCH', body, ifMatch: partner.version })
          await navigate(`/portal/managers/${partner.id}`)
        } else {
          const made = await call<Partner>('/referral-partners', { method: 'POST', body, idempotencyKey: key })
          await navigate(`/portal/referrals/partners/${made.id}`)
        }
      },
      [partner, navigate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string): string => String(form.get(name) ?? '').trim()
    void save.run({
      programId: value('program_id'),
      percent: value('percent').replace(',', '.') || null,
      appliesTo: value('applies_to') || null,
      ...(partner ? {} : { name: value('name'), key: value('key') || null, email: value('email') }),
    })
  }
  const error = (field: string) => fieldError(save.error, field)
  return (
    <form className="card stack form-narrow" onSubmit={submit} noValidate>
      <ErrorSummary error={save.error} failures={save.failures} />
      {partner ? null : (
        <>
          <TextField label={t('managers.name')} name="name" autoComplete="off" error={error('name')} />
          <TextField
            label={t('managers.key')}
            name="key"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            hint={t('managers.key_hint')}
            error={error('key')}
          />
          <TextField
            label={t('field.optional', { label: t('managers.email') })}
            name="email"
            type="email"
            autoComplete="off"
            hint={t('referrals.email_hint')}
            error={error('email')}
          />
        </>
      )}
      <SelectField
        label={t('referrals.program')}
        name="program_id"
        defaultValue={partner?.program.id ?? programs[0]?.id ?? ''}
        error={error('program_id')}
        options={programs.map(({ id, name, percent }) => ({ value: id, label: `${name} (${percent}%)` }))}
      />
      <TextField
        label={t('field.optional', { label: t('referrals.own_percent') })}
        name="percent"
        inputMode="decimal"
        autoComplete="off"
        hint={t('referrals.own_hint')}
        defaultValue={partner?.ownPercent ?? ''}
        error={error('percent')}
      />
      <SelectField
        label={t('referrals.applies_to')}
        name="applies_to"
        defaultValue={partner?.ownAppliesTo ?? ''}
        options={[
          { value: '', label: t('referrals.as_program') },
          { value: 'all', label: t('referrals.all') },
          { value: 'first', label: t('referrals.first') },
        ]}
      />
      {partner ? <p className="small muted">{t('referrals.change_hint')}</p> : null}
      <div className="cluster">
        <Button type="submit" look="primary" pending={save.pending}>
          {t('managers.save')}
        </Button>
        <ButtonLink to={partner ? `/portal/managers/${partner.id}` : HOME}>{t('managers.cancel')}</ButtonLink>
      </div>
    </form>
  )
}

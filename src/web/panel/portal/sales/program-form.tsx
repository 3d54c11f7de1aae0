import { type FormEvent, useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import { Button, ButtonLink } from '../../../design/button.tsx'
import { SelectField, TextField } from '../../../design/field.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { Page } from '../../page.tsx'
import { ErrorSummary, fieldError } from '../../problems.tsx'
import { useOperation } from '../../use-operation.ts'
import type { Program } from './types.ts'

export const loader = ({ params }: LoaderFunctionArgs) =>
  params['programId'] === undefined ? null : call<Program>(`/referral-programs/${params['programId']}`)

const HOME = '/portal/referrals/programs'
const dayOf = (at: string | null | undefined): string => at?.slice(0, 10) ?? ''

/** A new programme, or changes to one. */
export function Component() {
  const { t } = useText()
  const navigate = useNavigate()
  const program = useLoaderData<typeof loader>()
  const save = useOperation(
    useCallback(
      async (key: string, body: Record<string, unknown>) => {
        if (program) await call(`/referral-programs/${program.id}`, { method: 'PATCH', body, ifMatch: program.version })
        else await call('/referral-programs', { method: 'POST', body, idempotencyKey: key })
        await navigate(HOME)
      },
      [program, navigate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string): string => String(form.get(name) ?? '').trim()
    void save.run({
      name: value('name'),
      percent: value('percent').replace(',', '.'),
      appliesTo: value('applies_to'),
      ...(value('valid_from') && { validFrom: `${value('valid_from')}T00:00:00Z` }),
      validUntil: value('valid_until') ? `${value('valid_until')}T00:00:00Z` : null,
    })
  }
  const error = (field: string) => fieldError(save.error, field)
  return (
    <Page
      aboveTitle={<BackLink to={HOME}>{t('referrals.programs')}</BackLink>}
      title={program ? t('referrals.edit_program', { name: program.name }) : t('referrals.add_program')}
    >
      <form className="card stack form-narrow" onSubmit={submit} noValidate>
        <ErrorSummary error={save.error} failures={save.failures} />
        <TextField
          label={t('managers.name')}
          name="name"
          autoComplete="off"
          defaultValue={program?.name ?? ''}
          error={error('name')}
        />
        <TextField
          label={t('referrals.percent')}
          name="percent"
          inputMode="decimal"
          autoComplete="off"
          hint={t('referrals.percent_hint')}
          defaultValue={program?.percent ?? '10'}
          error={error('percent')}
        />
        <SelectField
          label={t('referrals.applies_to')}
          name="applies_to"
          defaultValue={program?.appliesTo ?? 'all'}
          options={[
            { value: 'all', label: t('referrals.all') },
            { value: 'first', label: t('referrals.first') },
          ]}
        />
        <TextField
          label={t('field.optional', { label: t('referrals.from') })}
          name="valid_from"
          type="date"
          defaultValue={dayOf(program?.validFrom)}
          error={error('valid_from')}
        />
        <TextField
          label={t('field.optional', { label: t('referrals.until') })}
          name="valid_until"
          type="date"
          hint={t('referrals.until_hint')}
          defaultValue={dayOf(program?.validUntil)}
          error={error('valid_until')}
        />
        {program ? <p className="small muted">{t('referrals.change_hint')}</p> : null}
        <div className="cluster">
          <Button type="submit" look="primary" pending={save.pending}>
            {t('managers.save')}
          </Button>
          <ButtonLink to={HOME}>{t('managers.cancel')}</ButtonLink>
        </div>
      </form>
    </Page>
  )
}

import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Button, ButtonLink } from '../../../design/button.tsx'
import { Copyable } from '../../../design/copy.tsx'
import { Dialog, preloadDialog } from '../../../design/dialog.tsx'
import { SelectField, TextField } from '../../../design/field.tsx'
import { Notice } from '../../../design/notice.tsx'
import { When } from '../../../design/values.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { Page } from '../../page.tsx'
import { ErrorSummary, fieldError } from '../../problems.tsx'
import type { Page as ListPage } from '../../types.ts'
import { useOperation } from '../../use-operation.ts'
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
        options={programs.map(({ id, name, percent }) => ({ value: id, label: `${name} (${percent} %)` }))}
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

/** The private link: made anew, told once, taken back. */
function ReportLink({ partner }: { partner: Partner }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [url, setUrl] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const path = `/referral-partners/${partner.id}/report-link`
  const make = useOperation(
    useCallback(
      async (key: string) => {
        setUrl((await call<{ url: string }>(path, { method: 'POST', body: {}, idempotencyKey: key })).url)
        await revalidate()
      },
      [path, revalidate],
    ),
  )
  const revoke = useOperation(
    useCallback(async () => {
      await call(path, { method: 'DELETE' })
      setUrl(null)
      setAsking(false)
      await revalidate()
    }, [path, revalidate]),
  )
  return (
    <section className="card stack" aria-labelledby="report-link">
      <h2 id="report-link">{t('referrals.report')}</h2>
      <p>{t('referrals.report_text')}</p>
      <ErrorSummary error={make.error ?? revoke.error} failures={make.failures + revoke.failures} />
      {url ? (
        <Notice tone="ok" live title={t('referrals.report_once')}>
          <Copyable value={url} name={t('referrals.report')} />
        </Notice>
      ) : partner.reportLinkedAt ? (
        <p className="muted">
          {t('referrals.report_made')} <When at={partner.reportLinkedAt} plain />
        </p>
      ) : null}
      <div className="cluster">
        <Button pending={make.pending} onClick={() => void make.run()}>
          {t(partner.reportLinkedAt ? 'referrals.report_again' : 'referrals.report_make')}
        </Button>
        {partner.reportLinkedAt ? (
          <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
            {t('referrals.report_revoke')}
          </Button>
        ) : null}
      </div>
      <Dialog
        title={t('referrals.report_revoke_title', { name: partner.name })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        <div className="stack">
          <p>{t('referrals.report_revoke_text')}</p>
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('managers.keep')}</Button>
            <Button look="danger" pending={revoke.pending} onClick={() => void revoke.run()}>
              {t('referrals.report_revoke')}
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  )
}

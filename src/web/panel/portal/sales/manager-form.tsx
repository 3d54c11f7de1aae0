import { type FormEvent, useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import { Button, ButtonLink } from '../../../design/button.tsx'
import { CheckField, SelectField, TextField } from '../../../design/field.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { Page } from '../../page.tsx'
import { ErrorSummary, fieldError } from '../../problems.tsx'
import type { Account, Page as ListPage } from '../../types.ts'
import { useOperation } from '../../use-operation.ts'
import { AccountField } from './account-field.tsx'
import type { Manager } from './types.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const id = params['managerId']
  const [manager, colleagues] = await Promise.all([
    id === undefined ? null : call<Manager>(`/managers/${id}`),
    call<ListPage<Manager>>('/managers?is_partner=false&limit=200'),
  ])
  const account = manager?.account ? await call<Account>(`/accounts/${manager.account.id}`) : null
  return { manager, account, colleagues: colleagues.items.filter((each) => each.id !== id) }
}

/** A new manager, or changes to one. */
export function Component() {
  const { t } = useText()
  const navigate = useNavigate()
  const { manager, account, colleagues } = useLoaderData<typeof loader>()
  const home = manager ? `/portal/managers/${manager.id}` : '/portal/managers'
  const save = useOperation(
    useCallback(
      async (key: string, body: Record<string, unknown>) => {
        const saved = manager
          ? await call<Manager>(`/managers/${manager.id}`, { method: 'PATCH', body, ifMatch: manager.version })
          : await call<Manager>('/managers', { method: 'POST', body, idempotencyKey: key })
        await navigate(`/portal/managers/${saved.id}`)
      },
      [manager, navigate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string): string => String(form.get(name) ?? '').trim()
    void save.run({
      name: value('name'),
      key: value('key') || null,
      email: value('email'),
      phone: value('phone'),
      active: form.get('active') === 'on',
      accountId: value('account_id') || null,
      ...(manager?.isPartner
        ? {}
        : {
            role: value('role'),
            supervisorId: value('supervisor_id') || null,
            userEmail: value('user_email') || null,
          }),
    })
  }
  const error = (field: string) => fieldError(save.error, field)
  return (
    <Page
      aboveTitle={<BackLink to={home}>{manager?.name ?? t('nav.managers')}</BackLink>}
      title={manager ? t('managers.edit_title', { name: manager.name }) : t('managers.add')}
    >
      <form className="card stack form-narrow" onSubmit={submit} noValidate>
        <ErrorSummary error={save.error} failures={save.failures} />
        <TextField
          label={t('managers.name')}
          name="name"
          autoComplete="off"
          defaultValue={manager?.name ?? ''}
          error={error('name')}
        />
        <TextField
          label={t('managers.key')}
          name="key"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          hint={t('managers.key_hint')}
          defaultValue={manager?.key ?? ''}
          error={error('key')}
        />
        <TextField
          label={t('field.optional', { label: t('managers.email') })}
          name="email"
          type="email"
          autoComplete="off"
          hint={t('managers.email_hint')}
          defaultValue={manager?.email ?? ''}
          error={error('email')}
        />
        <TextField
          label={t('field.optional', { label: t('field.phone') })}
          name="phone"
          type="tel"
          autoComplete="off"
          defaultValue={manager?.phone ?? ''}
          error={error('phone')}
        />
        {manager?.isPartner ? null : (
          <>
            <SelectField
              label={t('managers.role')}
              name="role"
              hint={t('managers.role_hint')}
              defaultValue={manager?.role ?? 'sales'}
              error={error('role')}
              options={(['sales', 'marketing', 'owner', 'admin'] as const).map((role) => ({
                value: role,
                label: t(`manager_role.${role}`),
              }))}
            />
            <TextField
              label={t('field.optional', { label: t('managers.user') })}
              name="user_email"
              type="email"
              autoComplete="off"
              hint={t('managers.user_hint')}
              defaultValue={manager?.user?.email ?? ''}
              error={error('user_email') ?? error('user_id')}
            />
            <SelectField
              label={t('managers.supervisor')}
              name="supervisor_id"
              defaultValue={manager?.supervisor?.id ?? ''}
              error={error('supervisor_id')}
              options={[
                { value: '', label: t('managers.nobody') },
                ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          </>
        )}
        <AccountField account={account} error={error('account_id')} />
        <CheckField label={t('managers.is_active')} name="active" defaultChecked={manager?.active ?? true} />
        <div className="cluster">
          <Button type="submit" look="primary" pending={save.pending}>
            {t('managers.save')}
          </Button>
          <ButtonLink to={home}>{t('managers.cancel')}</ButtonLink>
        </div>
      </form>
    </Page>
  )
}

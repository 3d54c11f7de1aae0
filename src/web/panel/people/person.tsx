import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { CheckField, TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { type ApiError, call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { fieldError } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import { SaveForm, type Values } from '../save-form.tsx'
import { PersonFactor } from './person-factor.tsx'
import { PersonAccess } from './person-access.tsx'
import { type Person, type Role, usePlace } from './place.ts'
import { PersonState } from './users.tsx'

export async function loader({ params }: LoaderFunctionArgs) {
  const { userId } = params
  if (userId === 'new') return { person: null, factorSince: null }
  const [person, factor] = await Promise.all([
    call<Person>(`/users/${userId}`),
    call<{ confirmedAt: string | null }>(`/users/${userId}/second-factor`),
  ])
  return { person, factorSince: factor.confirmedAt }
}

/** Invites someone, or changes what they may. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const place = usePlace()
  const { person, factorSince } = useLoaderData<typeof loader>()
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [saved, setSaved] = useState(false)
  const { tenantId, base } = place
  const save = useCallback(
    async (value: Values, key: string) => {
      setSaved(false)
      const body = {
        firstName: value('first_name'),
        lastName: value('last_name'),
        roles: [value('role')],
        buyer: value('buyer') === '1',
      }
      if (person) {
        await call(`/users/${person.id}`, { method: 'PATCH', body, ifMatch: person.version, idempotencyKey: key })
        await revalidate()
        setSaved(true)
        return
      }
      const email = value('email')
      const sent = { ...body, email, ...(tenantId !== undefined && { tenantId }) }
      await call('/users', { method: 'POST', body: sent, idempotencyKey: key })
      await navigate(`${base}?invited=${encodeURIComponent(email)}`)
    },
    [person, tenantId, base, navigate, revalidate],
  )
  return (
    <Page
      aboveTitle={<BackLink to={base}>{place.title}</BackLink>}
      title={person ? person.email : t('people.invite')}
      lead={person ? <PersonState person={person} /> : t('people.invite_hint')}
    >
      {saved ? (
        <Notice tone="ok" live>
          <p>{t('people.saved')}</p>
        </Notice>
      ) : null}
      {can(session, 'users:write') ? (
        <section className="card stack">
          <SaveForm key={person?.version ?? 0} save={save} submit={t(person ? 'people.save' : 'people.send')}>
            {(error) => (
              <PersonFields person={person} roles={place.roles} isCustomer={place.isCustomer} error={error} />
            )}
          </SaveForm>
        </section>
      ) : null}
      {person && can(session, 'users:write') && person.id !== session.user?.id ? (
        <>
          {factorSince ? <PersonFactor person={person} since={factorSince} /> : null}
          <PersonAccess person={person} />
        </>
      ) : null}
    </Page>
  )
}

function PersonFields({
  person,
  roles,
  isCustomer,
  error,
}: {
  person: Person | null
  roles: readonly Role[]
  isCustomer: boolean
  error: ApiError | null
}) {
  const { t } = useText()
  return (
    <>
      {person ? null : (
        <TextField
          label={t('field.email')}
          name="email"
          type="email"
          autoComplete="off"
          required
          error={fieldError(error, 'email')}
        />
      )}
      <TextField
        label={t('field.optional', { label: t('people.first_name') })}
        name="first_name"
        autoComplete="off"
        defaultValue={person?.firstName ?? ''}
      />
      <TextField
        label={t('field.optional', { label: t('people.last_name') })}
        name="last_name"
        autoComplete="off"
        defaultValue={person?.lastName ?? ''}
      />
      <fieldset className="stack stack-2" data-field="roles">
        <legend className="legend">{t('people.role')}</legend>
        {roles.map((role) => (
          <div className="check" key={role}>
            <input
              type="radio"
              id={`role-${role}`}
              name="role"
              value={role}
              defaultChecked={role === (person?.roles[0] ?? roles[0])}
              aria-describedby={`role-${role}-text`}
            />
            <label htmlFor={`role-${role}`}>{t(`role.${role}`)}</label>
            <p className="hint" id={`role-${role}-text`}>
              {t(`role_text.${role}`)}
            </p>
          </div>
        ))}
      </fieldset>
      {isCustomer ? (
        <CheckField
          label={t('people.buyer')}
          name="buyer"
          value="1"
          hint={t('people.buyer_hint')}
          defaultChecked={person?.buyer ?? false}
        />
      ) : null}
    </>
  )
}

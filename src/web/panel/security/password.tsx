import { type FormEvent, useCallback, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { refreshSession, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'

/** Sets one's password, or changes it. */
export function PasswordSection() {
  const { t } = useText()
  const { user } = useSession()
  const [saved, setSaved] = useState(false)
  const change = useOperation(
    useCallback(async (key: string, form: FormData) => {
      const current = form.get('current_password')
      const body = { password: form.get('password'), ...(current ? { currentPassword: current } : {}) }
      setSaved(false)
      await call('/session/password', { method: 'PUT', body, idempotencyKey: key })
      await refreshSession()
      setSaved(true)
    }, []),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    void change.run(new FormData(form)).then(() => form.reset())
  }
  return (
    <section className="card stack">
      <h2>{t('profile.password')}</h2>
      {saved ? (
        <Notice tone="ok" live>
          <p>{t('profile.password_saved')}</p>
        </Notice>
      ) : null}
      <ErrorSummary error={change.error} failures={change.failures} />
      <form className="form" onSubmit={submit}>
        {user?.hasPassword ? (
          <TextField
            label={t('field.current_password')}
            name="current_password"
            type="password"
            autoComplete="current-password"
            required
            error={fieldError(change.error, 'current_password')}
          />
        ) : (
          <p className="muted">{t('profile.no_password')}</p>
        )}
        <TextField
          label={t('field.new_password')}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          hint={t('field.password_hint')}
          error={fieldError(change.error, 'password')}
        />
        <div>
          <Button type="submit" pending={change.pending}>
            {t('profile.password_submit')}
          </Button>
        </div>
      </form>
    </section>
  )
}

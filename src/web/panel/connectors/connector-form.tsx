import { type FormEvent, useCallback } from 'react'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import type { Connector } from './types.ts'

/** Saves a service as the API takes it. Without a key of its own: an answer that holds a secret is not kept. */
export const saveConnector = (body: object): Promise<Connector> =>
  call<Connector>('/connectors', { method: 'POST', body })

/** How a service is reached. */
export function ConnectorForm({
  connector,
  onSaved,
}: {
  connector: Connector | null
  onSaved: (saved: Connector) => void | Promise<void>
}) {
  const { t } = useText()
  const save = useOperation(
    useCallback(
      async (_key: string, form: FormData) => {
        const value = (name: string): string => String(form.get(name) ?? '').trim()
        const pull = value('pull_minutes')
        const body = {
          name: connector?.name ?? value('name'),
          url: value('url'),
          deadlineMinutes: Number(value('deadline_minutes')),
          pullMinutes: pull === '' ? null : Number(pull),
        }
        await onSaved(await saveConnector(body))
      },
      [connector, onSaved],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void save.run(new FormData(event.currentTarget))
  }
  return (
    <form className="card stack form-narrow" onSubmit={submit}>
      {connector ? <h2>{t('connectors.settings')}</h2> : null}
      <ErrorSummary error={save.error} failures={save.failures} />
      {connector ? null : (
        <TextField
          label={t('connectors.name')}
          name="name"
          hint={t('connectors.name_hint')}
          autoComplete="off"
          pattern="[a-z][a-z0-9\-]{1,39}"
          required
          error={fieldError(save.error, 'name')}
        />
      )}
      <TextField
        label={t('connectors.url')}
        name="url"
        type="url"
        hint={t('connectors.url_hint')}
        required
        defaultValue={connector?.url ?? ''}
        error={fieldError(save.error, 'url')}
      />
      <TextField
        label={t('connectors.deadline')}
        name="deadline_minutes"
        type="number"
        min={1}
        max={43_200}
        hint={t('connectors.deadline_hint')}
        required
        defaultValue={connector?.deadlineMinutes ?? 60}
        error={fieldError(save.error, 'deadline_minutes')}
      />
      <TextField
        label={t('field.optional', { label: t('connectors.pull') })}
        name="pull_minutes"
        type="number"
        min={1}
        max={1440}
        hint={t('connectors.pull_hint')}
        defaultValue={connector?.pullMinutes ?? ''}
        error={fieldError(save.error, 'pull_minutes')}
      />
      <div>
        <Button type="submit" look={connector ? 'plain' : 'primary'} pending={save.pending}>
          {t(connector ? 'connectors.save' : 'connectors.add')}
        </Button>
      </div>
    </form>
  )
}

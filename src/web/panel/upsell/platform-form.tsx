import { useCallback } from 'react'
import { CheckField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { fieldError } from '../problems.tsx'
import { SaveForm, type Values } from '../save-form.tsx'
import type { Platform } from './types.ts'

/** How a platform is reached; saved, it is looked at once, so that a wrong secret shows at once. */
export function PlatformForm({
  platform,
  onSaved,
}: {
  platform: Platform | null
  onSaved: (name: string) => Promise<void>
}) {
  const { t } = useText()
  const save = useCallback(
    async (value: Values) => {
      const name = platform?.name ?? value('name')
      const secret = value('secret')
      const body = {
        title: value('title'),
        baseUrl: value('base_url'),
        clientId: value('client_id'),
        enabled: value('enabled') === 'on',
        ...(secret !== '' && { secret }),
      }
      if (platform === null) await call('/platforms', { method: 'POST', body: { name, ...body } })
      else await call(`/platforms/${name}`, { method: 'PATCH', body })
      await call(`/platforms/${name}/sync`, { method: 'POST', body: {} })
      await onSaved(name)
    },
    [platform, onSaved],
  )
  return (
    <SaveForm save={save} submit={t('platforms.save')}>
      {(error) => (
        <>
          <TextField
            label={t('platforms.called')}
            name="title"
            required
            defaultValue={platform?.title ?? ''}
            error={fieldError(error, 'title')}
          />
          {platform === null ? (
            <TextField
              label={t('platforms.name')}
              name="name"
              hint={t('platforms.name_hint')}
              autoComplete="off"
              required
              error={fieldError(error, 'name')}
            />
          ) : null}
          <TextField
            label={t('platforms.base_url')}
            name="base_url"
            type="url"
            hint={t('platforms.base_url_hint')}
            required
            defaultValue={platform?.baseUrl ?? ''}
            error={fieldError(error, 'base_url')}
          />
          <TextField
            label={t('platforms.client_id')}
            name="client_id"
            autoComplete="off"
            required
            defaultValue={platform?.clientId ?? ''}
            error={fieldError(error, 'client_id')}
          />
          <TextField
            label={t('platforms.secret')}
            name="secret"
            type="password"
            autoComplete="new-password"
            {...(platform === null ? { required: true } : { hint: t('platforms.secret_hint') })}
            error={fieldError(error, 'secret')}
          />
          <CheckField label={t('platforms.enabled')} name="enabled" defaultChecked={platform?.enabled ?? true} />
        </>
      )}
    </SaveForm>
  )
}

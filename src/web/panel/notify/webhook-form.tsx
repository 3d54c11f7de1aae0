import { useState } from 'react'
import { CheckField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import type { EventType, Webhook } from './types.ts'

/** What a form of a webhook says, as the API takes it. */
export const webhookOf = (form: FormData) => ({
  url: String(form.get('url') ?? ''),
  description: String(form.get('description') ?? ''),
  eventTypes: form.get('every') === null ? form.getAll('event_type').map(String) : [],
  includeResellers: form.get('include_resellers') !== null,
})

/** The parts of a webhook that people choose. */
export function WebhookFields({
  webhook,
  types,
  error,
}: {
  webhook: Pick<Webhook, 'url' | 'description' | 'eventTypes' | 'includeResellers'>
  types: readonly EventType[]
  error: ApiError | null
}) {
  const { t } = useText()
  const [wantsEvery, setWantsEvery] = useState(webhook.eventTypes.length === 0)
  const families = Map.groupBy(types, ({ type }) => type.split('.')[0] ?? '')
  return (
    <>
      <TextField
        label={t('webhooks.url')}
        name="url"
        type="url"
        required
        placeholder="https://example.com/hooks/buylink"
        hint={t('webhooks.url_hint')}
        defaultValue={webhook.url}
        error={fieldError(error, 'url')}
      />
      <TextField
        label={t('field.optional', { label: t('webhooks.description') })}
        name="description"
        defaultValue={webhook.description}
        error={fieldError(error, 'description')}
      />
      <fieldset className="stack stack-2" data-field="event_types" tabIndex={-1}>
        <legend className="legend">{t('webhooks.events')}</legend>
        <CheckField
          label={t('webhooks.every')}
          name="every"
          checked={wantsEvery}
          onChange={(event) => setWantsEvery(event.target.checked)}
        />
        {wantsEvery ? null : (
          <div className="grid">
            {[...families].map(([family, members]) => (
              <div key={family} className="stack stack-1">
                {members.map(({ type }) => (
                  <label key={type} className="check">
                    <input
                      type="checkbox"
                      name="event_type"
                      value={type}
                      defaultChecked={webhook.eventTypes.includes(type) || webhook.eventTypes.includes(`${family}.*`)}
                    />
                    <span className="mono">{type}</span>
                  </label>
                ))}
              </div>
            ))}
          </div>
        )}
      </fieldset>
      <CheckField
        label={t('webhooks.include_resellers')}
        name="include_resellers"
        defaultChecked={webhook.includeResellers}
      />
    </>
  )
}

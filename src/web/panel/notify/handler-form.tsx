import { Button } from '../../design/button.tsx'
import { CheckField, SelectField, TextField } from '../../design/field.tsx'
import { useText } from '../../messages/use-text.ts'
import type { ApiError } from '../api.ts'
import { fieldError } from '../problems.tsx'
import { AreaField } from './area-field.tsx'
import type { EventHandler, EventType, Recipient, Webhook } from './types.ts'

const RECIPIENTS: readonly Recipient[] = ['manager', 'customer', 'staff']
const CHANNELS = ['email', 'panel', 'webhook'] as const
const LANGUAGES = ['en', 'de', 'ru'] as const

/** What a handler is made of. Everything is kept in the draft, so that the preview follows. */
export function HandlerForm({
  draft,
  change,
  language,
  setLanguage,
  types,
  webhooks,
  keepsEvent,
  error,
}: {
  draft: EventHandler
  change: (draft: EventHandler) => void
  language: string
  setLanguage: (language: string) => void
  types: readonly EventType[]
  webhooks: readonly Webhook[]
  /** It stands in for another one. */
  keepsEvent: boolean
  error: ApiError | null
}) {
  const { t } = useText()
  const set = (part: Partial<EventHandler>) => change({ ...draft, ...part })
  const summary = types.find(({ type }) => type === draft.eventType)?.summary
  const isWebhook = draft.channel === 'webhook'
  return (
    <>
      <section className="card stack" aria-label={t('handlers.what')}>
        <TextField
          label={t('handlers.name')}
          name="name"
          required
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          error={fieldError(error, 'name')}
        />
        <SelectField
          label={t('handlers.event')}
          name="event_type"
          hint={summary}
          disabled={keepsEvent}
          value={draft.eventType}
          onChange={(event) => set({ eventType: event.target.value })}
          options={types.map(({ type }) => ({ value: type, label: type }))}
          error={fieldError(error, 'event_type')}
        />
        <SelectField
          label={t('handlers.channel')}
          name="channel"
          disabled={keepsEvent}
          value={draft.channel}
          onChange={(event) => {
            const channel = CHANNELS.find((each) => each === event.target.value) ?? 'email'
            set({ channel, webhookId: channel === 'webhook' ? (webhooks[0]?.id ?? null) : null })
          }}
          options={CHANNELS.map((each) => ({ value: each, label: t(`handlers.channel_${each}`) }))}
        />
        {isWebhook ? (
          <SelectField
            label={t('handlers.webhook')}
            name="webhook_id"
            value={draft.webhookId ?? ''}
            onChange={(event) => set({ webhookId: event.target.value || null })}
            options={webhooks.map(({ id, url, description }) => ({ value: id, label: description || url }))}
            error={fieldError(error, 'webhook_id')}
          />
        ) : (
          <Recipients draft={draft} set={set} error={error} />
        )}
        <TextField
          label={t('field.optional', { label: t('handlers.condition') })}
          name="condition"
          className="input mono"
          hint={t('handlers.condition_hint')}
          value={draft.condition}
          onChange={(event) => set({ condition: event.target.value })}
          error={fieldError(error, 'condition')}
        />
        <CheckField
          label={t('handlers.enabled')}
          name="enabled"
          checked={draft.enabled}
          onChange={(event) => set({ enabled: event.target.checked })}
        />
        <CheckField
          label={t('handlers.delegated')}
          name="delegated"
          checked={draft.delegated}
          onChange={(event) => set({ delegated: event.target.checked })}
        />
      </section>
      <Text draft={draft} set={set} language={language} setLanguage={setLanguage} error={error} />
    </>
  )
}

type Part = {
  readonly draft: EventHandler
  readonly set: (part: Partial<EventHandler>) => void
  readonly error: ApiError | null
}

function Recipients({ draft, set, error }: Part) {
  const { t } = useText()
  const toggle = (recipient: Recipient, isOn: boolean) =>
    set({ recipients: RECIPIENTS.filter((each) => (each === recipient ? isOn : draft.recipients.includes(each))) })
  return (
    <fieldset className="stack stack-2" data-field="recipients" tabIndex={-1}>
      <legend className="legend">{t('handlers.recipients')}</legend>
      {RECIPIENTS.map((recipient) => (
        <CheckField
          key={recipient}
          label={t(`handlers.to_${recipient}`)}
          name={recipient}
          checked={draft.recipients.includes(recipient)}
          onChange={(event) => toggle(recipient, event.target.checked)}
        />
      ))}
      {draft.channel === 'email' ? (
        <TextField
          label={t('field.optional', { label: t('handlers.addresses') })}
          name="addresses"
          hint={t('handlers.addresses_hint')}
          value={draft.addresses.join(', ')}
          onChange={(event) => set({ addresses: event.target.value.split(/[\s,;]+/).filter((one) => one !== '') })}
          error={fieldError(error, 'addresses')}
        />
      ) : null}
    </fieldset>
  )
}

function Text({
  draft,
  set,
  language,
  setLanguage,
  error,
}: Part & { readonly language: string; readonly setLanguage: (language: string) => void }) {
  const text = useText()
  const { t } = text
  const template = draft.templates[language] ?? { subject: '', body: '' }
  const write = (part: Partial<typeof template>) =>
    set({ templates: { ...draft.templates, [language]: { ...template, ...part } } })
  const names = new Intl.DisplayNames([text.locale], { type: 'language' })
  const nameOf = (code: string): string => names.of(code) ?? code
  const languages = [...new Set([...Object.keys(draft.templates), ...LANGUAGES])]
  const remove = () => {
    const { [language]: _gone, ...templates } = draft.templates
    set({ templates })
    setLanguage(Object.keys(templates)[0] ?? 'en')
  }
  return (
    <section className="card stack" aria-label={t('handlers.text')}>
      <SelectField
        label={t('handlers.language')}
        name="language"
        hint={t('handlers.language_hint')}
        value={language}
        onChange={(event) => setLanguage(event.target.value)}
        options={languages.map((each) => ({
          value: each,
          label: each in draft.templates ? nameOf(each) : t('handlers.language_add', { language: nameOf(each) }),
        }))}
      />
      {draft.channel === 'webhook' ? null : (
        <TextField
          label={t(draft.channel === 'panel' ? 'handlers.notice_title' : 'handlers.subject')}
          name="subject"
          value={template.subject}
          onChange={(event) => write({ subject: event.target.value })}
          error={fieldError(error, `templates.${language}.subject`)}
        />
      )}
      <AreaField
        label={t('handlers.body')}
        name="body"
        hint={t(draft.channel === 'webhook' ? 'handlers.json_hint' : 'handlers.body_hint')}
        value={template.body}
        onChange={(event) => write({ body: event.target.value })}
        error={fieldError(error, `templates.${language}.body`)}
      />
      {language in draft.templates && Object.keys(draft.templates).length > 1 ? (
        <Button size="small" look="quiet" onClick={remove}>
          {t('handlers.language_remove', { language: nameOf(language) })}
        </Button>
      ) : null}
    </section>
  )
}

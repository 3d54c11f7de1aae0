import { type FormEvent, useCallback, useState } from 'react'
import { useLoaderData } from 'react-router'
import { Button, ButtonLink } from '../../design/button.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { useOperation } from '../use-operation.ts'
import { Secret } from './secret.tsx'
import type { EventType, Webhook } from './types.ts'
import { WebhookFields, webhookOf } from './webhook-form.tsx'

export const loader = () => call<{ items: EventType[] }>('/event-types')

const EMPTY = { url: '', description: '', eventTypes: [], includeResellers: false }

/** A new webhook; when it is there, its secret, once. */
export function Component() {
  const { t } = useText()
  const { items: types } = useLoaderData<typeof loader>()
  const [made, setMade] = useState<(Webhook & { secret: string }) | null>(null)
  const create = useOperation(
    useCallback(async (_key: string, form: FormData) => {
      // Without a key of its own: an answer that holds a secret is not kept.
      setMade(await call('/webhooks', { method: 'POST', body: webhookOf(form) }))
    }, []),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void create.run(new FormData(event.currentTarget))
  }
  return (
    <Page aboveTitle={<BackLink to="/portal/webhooks">{t('webhooks.title')}</BackLink>} title={t('webhooks.new')}>
      {made ? (
        <div className="stack">
          <Secret secret={made.secret} />
          <p>
            <ButtonLink look="primary" to={`/portal/webhooks/${made.id}`}>
              {t('webhooks.go_on')}
            </ButtonLink>
          </p>
        </div>
      ) : (
        <form className="card stack form-narrow" onSubmit={submit}>
          <ErrorSummary error={create.error} failures={create.failures} />
          <WebhookFields webhook={EMPTY} types={types} error={create.error} />
          <div className="cluster">
            <Button type="submit" look="primary" pending={create.pending}>
              {t('webhooks.new')}
            </Button>
          </div>
        </form>
      )}
    </Page>
  )
}

import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { SelectField } from '../../design/field.tsx'
import { Notice } from '../../design/notice.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { usePolling } from '../use-polling.ts'
import { DeliveryFilters, deliveryWishes } from './delivery-filters.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { RemoveButton } from './remove-button.tsx'
import { ReplayForm } from './replay-form.tsx'
import { Secret } from './secret.tsx'
import { WebhookState } from './states.tsx'
import type { Delivery, EventType, Webhook } from './types.ts'
import { WebhookFields, webhookOf } from './webhook-form.tsx'

const withWebhook = (search: URLSearchParams, id: string): URLSearchParams => {
  const own = new URLSearchParams(search)
  own.set('webhook_id', id)
  return own
}

export async function loader({ params, request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const id = params['webhookId'] ?? ''
  const [webhook, types, deliveries] = await Promise.all([
    call<Webhook>(`/webhooks/${id}`),
    call<{ items: EventType[] }>('/event-types'),
    readList<ListPage<Delivery>>(request, '/deliveries', deliveryWishes(withWebhook(searchParams, id))),
  ])
  return { webhook, types: types.items, deliveries }
}

/** One webhook: its settings, its secret, and what was sent to it. */
export function Component() {
  const { t } = useText()
  const { webhook, types, deliveries } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const mayWrite = can(useSession(), 'webhooks:write')
  const [secret, setSecret] = useState<string | null>(null)
  const path = `/webhooks/${webhook.id}`
  usePolling(
    deliveries.items.some(({ status }) => status === 'waiting'),
    2000,
  )
  const test = useOperation(
    useCallback(
      async (key: string) => {
        await call(`${path}/test`, { method: 'POST', body: {}, idempotencyKey: key })
        await revalidate()
      },
      [path, revalidate],
    ),
  )
  const turn = useOperation(
    useCallback(
      async (_key: string, enabled: boolean) => {
        await call(path, { method: 'PATCH', body: { enabled }, ifMatch: webhook.version })
        await revalidate()
      },
      [path, webhook.version, revalidate],
    ),
  )
  const failed = turn.error ? turn : test
  return (
    <Page
      aboveTitle={<BackLink to="/portal/webhooks">{t('webhooks.title')}</BackLink>}
      title={webhook.description || webhook.url}
      eyebrow={<WebhookState webhook={webhook} />}
      lead={webhook.description ? webhook.url : null}
      actions={
        mayWrite ? (
          <>
            {webhook.enabled ? (
              <Button pending={test.pending} onClick={() => void test.run()}>
                {t('webhooks.test')}
              </Button>
            ) : null}
            <Button
              look={webhook.enabled ? 'plain' : 'primary'}
              pending={turn.pending}
              onClick={() => void turn.run(!webhook.enabled)}
            >
              {t(webhook.enabled ? 'webhooks.turn_off' : 'webhooks.turn_on')}
            </Button>
          </>
        ) : null
      }
    >
      <ErrorSummary error={failed.error} failures={failed.failures} />
      {webhook.disabledReason === 'gone' ? (
        <Notice tone="bad" title={t('webhooks.gone_title')}>
          <p>{t('webhooks.gone_text')}</p>
        </Notice>
      ) : null}
      {secret ? <Secret secret={secret} /> : null}
      <section className="stack" aria-labelledby="deliveries">
        <h2 id="deliveries">{t('deliveries.title')}</h2>
        <DeliveryList page={deliveries} filter={<DeliveryFilters types={types} />} withWebhook={false} />
      </section>
      {mayWrite ? (
        <>
          <Settings key={webhook.version} />
          <section className="card stack">
            <h2>{t('webhooks.care')}</h2>
            {webhook.previousSecretUntil ? (
              <p>
                {t('webhooks.both_until')} <When at={webhook.previousSecretUntil} />
              </p>
            ) : null}
            <div className="cluster">
              <Rotate webhook={webhook} onRotated={setSecret} />
              {webhook.enabled ? <ReplayForm webhookId={webhook.id} /> : null}
              <RemoveButton
                name={webhook.description || webhook.url}
                text={t('webhooks.delete_text')}
                path={path}
                version={webhook.version}
                to="/portal/webhooks"
              />
            </div>
          </section>
        </>
      ) : null}
    </Page>
  )
}

function Settings() {
  const { t } = useText()
  const { webhook, types } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const save = useOperation(
    useCallback(
      async (_key: string, form: FormData) => {
        await call(`/webhooks/${webhook.id}`, { method: 'PATCH', body: webhookOf(form), ifMatch: webhook.version })
        await revalidate()
      },
      [webhook.id, webhook.version, revalidate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void save.run(new FormData(event.currentTarget))
  }
  return (
    <form className="card stack" onSubmit={submit}>
      <h2>{t('webhooks.settings')}</h2>
      <ErrorSummary error={save.error} failures={save.failures} />
      <WebhookFields webhook={webhook} types={types} error={save.error} />
      <div className="cluster">
        <Button type="submit" look="primary" pending={save.pending}>
          {t('notify.save')}
        </Button>
      </div>
    </form>
  )
}

const OVERLAPS = ['24', '1', '168', '0'] as const

function Rotate({ webhook, onRotated }: { webhook: Webhook; onRotated: (secret: string) => void }) {
  const { t } = useText()
  const [isOpen, setOpen] = useState(false)
  const { revalidate } = useRevalidator()
  const rotate = useOperation(
    useCallback(
      async (_key: string, overlapHours: number) => {
        const path = `/webhooks/${webhook.id}/rotate-secret`
        const body = { overlapHours }
        // Without a key of its own: an answer that holds a secret is not kept.
        const { secret } = await call<{ secret: string }>(path, { method: 'POST', body, ifMatch: webhook.version })
        setOpen(false)
        onRotated(secret)
        await revalidate()
      },
      [webhook.id, webhook.version, onRotated, revalidate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void rotate.run(Number(new FormData(event.currentTarget).get('overlap')))
  }
  return (
    <>
      <Button onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setOpen(true)}>
        {t('webhooks.rotate')}
      </Button>
      <Dialog title={t('webhooks.rotate_title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          <p>{t('webhooks.rotate_text')}</p>
          <ErrorSummary error={rotate.error} failures={rotate.failures} />
          <SelectField
            label={t('webhooks.overlap')}
            name="overlap"
            options={OVERLAPS.map((hours) => ({ value: hours, label: t(`webhooks.overlap_${hours}`) }))}
          />
          <div className="dialog-actions">
            <Button onClick={() => setOpen(false)}>{t('dialog.not_now')}</Button>
            <Button type="submit" look="primary" pending={rotate.pending}>
              {t('webhooks.rotate')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}

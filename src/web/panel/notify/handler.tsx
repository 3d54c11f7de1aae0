import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Notice } from '../../design/notice.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { can, loadSession, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { HandlerForm } from './handler-form.tsx'
import { HandlerPreview } from './handler-preview.tsx'
import { RemoveButton } from './remove-button.tsx'
import type { EventHandler, EventType, Webhook } from './types.ts'

const NEW: EventHandler = {
  id: 'new',
  origin: 'own',
  name: '',
  eventType: 'order.placed',
  channel: 'email',
  recipients: ['staff'],
  addresses: [],
  webhookId: null,
  condition: '',
  templates: {
    en: {
      subject: '{{ account.name }} ordered {{ order.plan }}',
      body: '# {{ account.name }} ordered {{ order.plan }}\n\n| Order | {{ order.number }} |\n| Total | {{ order.total }} |\n\n[See the order]({{ links.portal_order }})',
    },
  },
  enabled: true,
  delegated: true,
  overrides: null,
  version: 0,
}

export async function loader({ params }: LoaderFunctionArgs) {
  const id = params['handlerId']
  const seesWebhooks = can(await loadSession(), 'webhooks:read')
  const [handler, types, webhooks] = await Promise.all([
    id === undefined ? NEW : call<EventHandler>(`/event-handlers/${encodeURIComponent(id)}`),
    call<{ items: EventType[] }>('/event-types'),
    seesWebhooks ? call<ListPage<Webhook>>('/webhooks?limit=200') : { items: [] },
  ])
  return { handler, types: types.items, webhooks: webhooks.items }
}

/** One handler: what it says to whom, with what it would send beside it while one types. */
export function Component() {
  const { handler } = useLoaderData<typeof loader>()
  // Another handler, or another version of it, begins with a form of its own.
  return <Editor key={`${handler.id} ${handler.version}`} />
}

function Editor() {
  const { t } = useText()
  const { handler, types, webhooks } = useLoaderData<typeof loader>()
  const mayWrite = can(useSession(), 'event_handlers:write')
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [draft, setDraft] = useState(handler)
  const [language, setLanguage] = useState(Object.keys(handler.templates)[0] ?? 'en')
  const [done, setDone] = useState<'saved' | 'sent' | null>(null)
  const isNew = handler.id === 'new'
  const isOthers = handler.origin === 'built_in' || handler.origin === 'above'
  const save = useOperation(
    useCallback(
      async (key: string, { id, version, tenantId: _t, origin: _o, overrides: _r, ...body }: EventHandler) => {
        setDone(null)
        if (!isNew && !isOthers) {
          await call(`/event-handlers/${id}`, { method: 'PATCH', body, ifMatch: version })
          await revalidate()
          return setDone('saved')
        }
        const all = isOthers ? { ...body, overrides: id } : body
        const made = await call<EventHandler>('/event-handlers', { method: 'POST', body: all, idempotencyKey: key })
        await navigate(`/portal/event-handlers/${made.id}`)
      },
      [isNew, isOthers, navigate, revalidate],
    ),
  )
  const test = useOperation(
    useCallback(
      async (key: string) => {
        setDone(null)
        const path = `/event-handlers/${encodeURIComponent(handler.id)}/test`
        await call(path, { method: 'POST', body: {}, idempotencyKey: key })
        setDone('sent')
      },
      [handler.id],
    ),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void save.run(draft)
  }
  const failed = save.error ? save : test
  return (
    <Page
      aboveTitle={<BackLink to="/portal/event-handlers">{t('handlers.title')}</BackLink>}
      title={isNew ? t('handlers.new') : handler.name}
      eyebrow={isNew ? undefined : t(`handlers.origin_${handler.origin}`)}
    >
      {isOthers && mayWrite ? (
        <Notice tone="info">
          <p>{t('handlers.stands_in')}</p>
        </Notice>
      ) : null}
      {done ? (
        <Notice tone="ok" live>
          <p>{t(done === 'saved' ? 'notify.saved' : 'handlers.test_sent')}</p>
        </Notice>
      ) : null}
      <ErrorSummary error={failed.error} failures={failed.failures} />
      <form className="two-columns" onSubmit={submit}>
        <div className="stack">
          <HandlerForm
            draft={draft}
            change={setDraft}
            language={language}
            setLanguage={setLanguage}
            types={types}
            webhooks={webhooks}
            keepsEvent={isOthers || handler.overrides !== null}
            error={save.error}
          />
          {mayWrite ? (
            <div className="cluster">
              <Button type="submit" look="primary" pending={save.pending}>
                {t(isOthers ? 'handlers.save_own' : 'notify.save')}
              </Button>
              {isNew || handler.channel === 'webhook' ? null : (
                <Button pending={test.pending} onClick={() => void test.run()}>
                  {t('handlers.test')}
                </Button>
              )}
              {!isNew && !isOthers ? (
                <RemoveButton
                  name={handler.name}
                  text={t(handler.overrides === null ? 'handlers.delete_text' : 'handlers.delete_override')}
                  path={`/event-handlers/${handler.id}`}
                  version={handler.version}
                  to="/portal/event-handlers"
                />
              ) : null}
            </div>
          ) : null}
        </div>
        <HandlerPreview draft={draft} language={language} />
      </form>
    </Page>
  )
}

import { useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Facts } from '../../design/lines.tsx'
import { Link } from '../../design/link.tsx'
import { type Column, Table } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { can, useSession } from '../session.ts'
import { useOperation } from '../use-operation.ts'
import { usePolling } from '../use-polling.ts'
import { DeliveryState } from './states.tsx'
import type { DeliveryDetails } from './types.ts'

export function loader({ params }: LoaderFunctionArgs) {
  return call<DeliveryDetails>(`/deliveries/${params['deliveryId']}`)
}

/** One delivery: what is sent, and how each try went. */
export function Component() {
  const { t } = useText()
  const delivery = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const session = useSession()
  usePolling(delivery.status === 'waiting', 2000)
  const replay = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/deliveries/${delivery.id}/replay`, { method: 'POST', body: {}, idempotencyKey: key })
        await revalidate()
      },
      [delivery.id, revalidate],
    ),
  )
  const canReplay = delivery.webhookId !== null || delivery.mailId !== null
  const mayReplay = canReplay && delivery.status !== 'waiting' && can(session, 'deliveries:write')
  const columns: Column<DeliveryDetails['tries'][number]>[] = [
    { key: 'number', label: t('deliveries.try'), cell: ({ number }) => String(number) },
    { key: 'at', label: t('deliveries.when'), cell: ({ startedAt }) => <When at={startedAt} /> },
    { key: 'answer', label: t('deliveries.answer'), cell: ({ status, error }) => error ?? String(status ?? '') },
    { key: 'ms', label: t('deliveries.took'), number: true, cell: ({ durationMs }) => `${durationMs} ms` },
  ]
  return (
    <Page
      aboveTitle={<BackLink to="/portal/deliveries">{t('deliveries.title')}</BackLink>}
      title={delivery.eventType}
      eyebrow={<DeliveryState delivery={delivery} />}
      actions={
        mayReplay ? (
          <Button pending={replay.pending} onClick={() => void replay.run()}>
            {t('deliveries.replay')}
          </Button>
        ) : null
      }
    >
      <ErrorSummary error={replay.error} failures={replay.failures} />
      <section className="card stack">
        <Facts
          items={[
            { label: t('handlers.channel'), value: t(`handlers.channel_${delivery.channel}`) },
            ...(delivery.webhookId
              ? [
                  {
                    label: t('deliveries.to'),
                    value: (
                      <Link to={`/portal/webhooks/${delivery.webhookId}`}>
                        {delivery.webhookUrl ?? delivery.webhookId}
                      </Link>
                    ),
                  },
                ]
              : []),
            ...(delivery.recipient ? [{ label: t('deliveries.to'), value: delivery.recipient }] : []),
            ...(delivery.handler
              ? [
                  {
                    label: t('deliveries.handler'),
                    value: (
                      <Link to={`/portal/event-handlers/${encodeURIComponent(delivery.handler)}`}>
                        {delivery.handler}
                      </Link>
                    ),
                  },
                ]
              : []),
            ...(delivery.mailId && can(session, 'mails:read')
              ? [
                  {
                    label: t('deliveries.mail'),
                    value: <Link to={`/portal/outbox/${delivery.mailId}`}>{t('deliveries.open_mail')}</Link>,
                  },
                ]
              : []),
            {
              label: t('deliveries.about'),
              value: (
                <>
                  <span>{delivery.subject.kind}</span>{' '}
                  <Copyable value={delivery.subject.id} name={t('deliveries.about')} />
                </>
              ),
            },
            {
              label: t(delivery.webhookId ? 'deliveries.id' : 'deliveries.own_id'),
              value: <Copyable value={delivery.id} name={t('deliveries.own_id')} />,
            },
            { label: t('column.created'), value: <When at={delivery.createdAt} /> },
            ...(delivery.status === 'waiting' && delivery.nextTryAt
              ? [{ label: t('deliveries.next_try'), value: <When at={delivery.nextTryAt} /> }]
              : []),
            ...(delivery.lastError ? [{ label: t('deliveries.answer'), value: delivery.lastError }] : []),
          ]}
        />
      </section>
      {delivery.tries.length > 0 ? (
        <section className="stack" aria-labelledby="tries">
          <h2 id="tries">{t('deliveries.tries')}</h2>
          <Table
            caption={t('deliveries.tries')}
            columns={columns}
            rows={delivery.tries}
            rowKey={({ number }) => String(number)}
          />
        </section>
      ) : null}
      {delivery.body ? (
        <section className="stack" aria-labelledby="body">
          <h2 id="body">{t('deliveries.body')}</h2>
          <pre className="card mono preview-json">{JSON.stringify(JSON.parse(delivery.body), null, 2)}</pre>
        </section>
      ) : null}
    </Page>
  )
}

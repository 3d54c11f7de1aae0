import { useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { CircleCheck } from '../../design/icons.tsx'
import { Facts } from '../../design/lines.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import { usePolling } from '../use-polling.ts'

interface Queue {
  readonly waiting: number
  readonly failed: number
  readonly oldestAt: string | null
}

interface Health {
  readonly versions: {
    readonly buylink: string
    readonly node: string
    readonly postgresql: string
    readonly migration: number
  }
  readonly database: { readonly sizeBytes: number; readonly connections: number; readonly answeredInMs: number }
  readonly events: Omit<Queue, 'failed'>
  readonly jobs: Queue & {
    readonly running: number
    readonly tasks: readonly { readonly task: string; readonly waiting: number; readonly failed: number }[]
  }
  readonly mails: Queue & { readonly kept: boolean }
  readonly deliveries: Queue
}

interface FailedJob {
  readonly id: string
  readonly task: string
  readonly event: string | null
  readonly attempts: number
  readonly maxAttempts: number
  readonly lastError: string
  readonly nextTryAt: string | null
  readonly createdAt: string
}

export async function loader({ request }: LoaderFunctionArgs) {
  const [health, failed] = await Promise.all([
    call<Health>('/health'),
    readList<ListPage<FailedJob>>(request, '/failed-jobs', wishesOf(request, 'query')),
  ])
  return { health, failed }
}

const MIB = 1_048_576

/** How the installation does: what waits, what failed and can be tried again, and which versions run. */
export function Component() {
  const text = useText()
  const { t } = text
  const { health, failed } = useLoaderData<typeof loader>()
  const wish = useSearch().get('query')
  const { versions, database, events, jobs, mails, deliveries } = health
  usePolling(true, 5000)
  return (
    <Page title={t('nav.health')} lead={t('health.lead')}>
      <section className="stack" aria-labelledby="queues">
        <h2 id="queues">{t('health.queues')}</h2>
        <Table
          caption={t('health.queues')}
          rows={[
            { key: 'events', label: t('health.events'), queue: { ...events, failed: 0 }, to: null },
            { key: 'jobs', label: t('health.jobs', { n: jobs.running }), queue: jobs, to: null },
            {
              key: 'mails',
              label: t(mails.kept ? 'health.mails_kept' : 'health.mails'),
              queue: mails,
              to: '/portal/outbox',
            },
            { key: 'deliveries', label: t('health.deliveries'), queue: deliveries, to: '/portal/deliveries' },
          ]}
          rowKey={({ key }) => key}
          columns={[
            {
              key: 'name',
              label: t('health.queue'),
              cell: ({ label, to }) =>
                to ? (
                  <Link className="row-link" to={to}>
                    {label}
                  </Link>
                ) : (
                  label
                ),
            },
            {
              key: 'waiting',
              label: t('health.waiting'),
              number: true,
              cell: ({ queue }) => text.number(queue.waiting),
            },
            {
              key: 'oldest',
              label: t('health.oldest'),
              cell: ({ queue }) => (queue.oldestAt ? <When at={queue.oldestAt} /> : t('none')),
            },
            {
              key: 'failed',
              label: t('health.failed'),
              cell: ({ queue }) =>
                queue.failed > 0 ? (
                  <Badge tone="bad">{text.number(queue.failed)}</Badge>
                ) : (
                  <Badge tone="ok">{t('health.no_failures')}</Badge>
                ),
            },
          ]}
        />
      </section>
      <section className="stack" aria-labelledby="failed">
        <h2 id="failed">{t('health.failed_jobs')}</h2>
        <List
          caption={t('health.failed_jobs')}
          page={failed}
          filter={failed.items.length > 5 || wish ? <SearchBox label={t('search.jobs')} /> : null}
          rowKey={({ id }) => id}
          columns={[
            { key: 'task', sort: 'task', label: t('health.task'), cell: ({ task }) => <code>{task}</code> },
            { key: 'event', label: t('health.event'), cell: ({ event }) => event ?? t('none') },
            {
              key: 'error',
              label: t('health.error'),
              cell: ({ lastError }) => <span className="small">{lastError}</span>,
            },
            {
              key: 'tries',
              sort: 'attempts',
              label: t('health.tries'),
              cell: ({ attempts, maxAttempts }) => t('health.tries_of', { n: attempts, most: maxAttempts }),
            },
            {
              key: 'next',
              sort: 'next_try_at',
              label: t('health.next'),
              cell: ({ nextTryAt }) => (nextTryAt ? <When at={nextTryAt} /> : t('health.by_hand')),
            },
            { key: 'retry', label: t('column.actions'), actions: true, cell: (job) => <Retry job={job} /> },
          ]}
          empty={
            <Empty icon={CircleCheck} title={t('health.fine_title')}>
              <p>{t('health.fine')}</p>
            </Empty>
          }
        />
      </section>
      <section className="card stack" aria-labelledby="versions">
        <h2 id="versions">{t('health.versions')}</h2>
        <Facts
          items={[
            { label: 'Buylink', value: versions.buylink },
            { label: 'Node.js', value: versions.node },
            { label: 'PostgreSQL', value: versions.postgresql },
            { label: t('health.migration'), value: text.number(versions.migration) },
            { label: t('health.size'), value: `${text.number((database.sizeBytes / MIB).toFixed(1))} MiB` },
            { label: t('health.connections'), value: text.number(database.connections) },
            { label: t('health.answered'), value: `${text.number(database.answeredInMs)} ms` },
          ]}
        />
      </section>
    </Page>
  )
}

function Retry({ job: { id, task } }: { job: FailedJob }) {
  const { t } = useText()
  const session = useSession()
  const { revalidate } = useRevalidator()
  const retry = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/failed-jobs/${id}/retry`, { method: 'POST', body: {}, idempotencyKey: key })
        await revalidate()
      },
      [id, revalidate],
    ),
  )
  if (!can(session, 'operations:write')) return null
  return (
    <Button size="small" pending={retry.pending} onClick={() => void retry.run()}>
      {t('health.retry')}
      <span className="visually-hidden"> {task}</span>
    </Button>
  )
}

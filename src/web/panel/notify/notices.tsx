import { useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Bell } from '../../design/icons.tsx'
import { Pager } from '../../design/pager.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { noticesRead } from '../frame/notice-bell.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import type { Page as ListPage } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import type { UserNotice } from './types.ts'

export function loader({ request }: LoaderFunctionArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor')
  return call<ListPage<UserNotice> & { unread: number }>(`/notices${query({ cursor })}`)
}

/** What happened that concerns the reader, newest first. */
export function Component() {
  const { t } = useText()
  const page = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const read = useOperation(
    useCallback(
      async (key: string, id?: string) => {
        const body = id === undefined ? {} : { id }
        await call('/notices/read', { method: 'POST', body, idempotencyKey: key })
        noticesRead()
        await revalidate()
      },
      [revalidate],
    ),
  )
  return (
    <Page
      title={t('notices.title')}
      actions={
        page.unread > 0 ? (
          <Button pending={read.pending} onClick={() => void read.run()}>
            {t('notices.read_all')}
          </Button>
        ) : null
      }
    >
      <ErrorSummary error={read.error} failures={read.failures} />
      {page.items.length === 0 ? (
        <Empty icon={Bell} title={t('notices.empty_title')}>
          <p>{t('notices.empty')}</p>
        </Empty>
      ) : (
        <ul className="stack">
          {page.items.map((notice) => (
            <li key={notice.id} className="card stack stack-2">
              <h2 className="notice-heading">
                {notice.readAt === null ? <span className="unread-dot" /> : null}
                {notice.readAt === null ? <span className="visually-hidden">{t('notices.unread')}: </span> : null}
                {notice.title}
              </h2>
              {notice.body.split('\n').map((line, index) => (
                <p key={`${index}${line}`}>{line}</p>
              ))}
              <p className="cluster">
                <span className="muted small">
                  <When at={notice.createdAt} />
                </span>
                {notice.url ? (
                  <a
                    className="button button-small"
                    href={notice.url}
                    onClick={() => void (notice.readAt === null && read.run(notice.id))}
                  >
                    {t('notices.open')}
                    <span className="visually-hidden">: {notice.title}</span>
                  </a>
                ) : null}
                {notice.readAt === null ? (
                  <Button size="small" look="quiet" onClick={() => void read.run(notice.id)}>
                    {t('notices.read')}
                    <span className="visually-hidden">: {notice.title}</span>
                  </Button>
                ) : null}
              </p>
            </li>
          ))}
        </ul>
      )}
      <Pager nextCursor={page.nextCursor} />
    </Page>
  )
}

import { useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { Button, ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Dialog, preloadDialog } from '../../design/dialog.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { useSearch } from '../../design/link.tsx'
import { When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList, wishesOf } from '../api.ts'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { useOperation } from '../use-operation.ts'
import type { Role } from './place.ts'

/** A program that calls the API. */
export interface Client {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly scopes: readonly string[] | null
  readonly enabled: boolean
  readonly createdAt: string
}

export const loader = ({ request }: LoaderFunctionArgs) =>
  readList<ListPage<Client>>(request, '/clients', wishesOf(request, 'query'))

/** Programs that call the API for this reseller. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  const wish = useSearch().get('query')
  const mayWrite = can(session, 'clients:write')
  return (
    <Page
      title={t('nav.clients')}
      lead={t('clients.lead')}
      actions={
        mayWrite ? (
          <ButtonLink to="/portal/clients/new" look="primary">
            {t('clients.add')}
          </ButtonLink>
        ) : null
      }
    >
      <List
        caption={t('nav.clients')}
        filter={page.items.length > 5 || wish ? <SearchBox label={t('search.clients')} /> : null}
        page={page}
        rowKey={({ id }) => id}
        columns={[
          { key: 'name', sort: 'name', label: t('people.name'), cell: ({ name }) => name },
          {
            key: 'id',
            label: t('clients.id'),
            cell: ({ id, name }) => <Copyable value={id} name={t('clients.id_of', { name })} />,
          },
          {
            key: 'role',
            sort: 'role',
            label: t('people.role'),
            cell: ({ role, scopes }) =>
              scopes
                ? t('clients.narrowed', { role: t(`role.${role}`), count: String(scopes.length) })
                : t(`role.${role}`),
          },
          {
            key: 'status',
            sort: 'status',
            label: t('column.status'),
            cell: ({ enabled }) => (
              <Badge tone={enabled ? 'ok' : 'bad'}>{t(enabled ? 'people.active' : 'people.disabled')}</Badge>
            ),
          },
          {
            key: 'created',
            sort: 'created_at',
            label: t('column.created'),
            cell: ({ createdAt }) => <When at={createdAt} />,
          },
          ...(mayWrite
            ? [
                {
                  key: 'actions',
                  label: t('column.actions'),
                  actions: true as const,
                  cell: (client: Client) => <ClientActions client={client} />,
                },
              ]
            : []),
        ]}
        empty={
          <Empty icon={Layers} title={t('clients.empty_title')}>
            <p>{t('clients.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

function ClientActions({ client: { id, name, enabled } }: { client: Client }) {
  const { t } = useText()
  const { revalidate } = useRevalidator()
  const [isAsking, setAsking] = useState(false)
  const toggle = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/clients/${id}`, { method: 'PATCH', body: { enabled: !enabled }, idempotencyKey: key })
        await revalidate()
      },
      [id, enabled, revalidate],
    ),
  )
  const remove = useOperation(
    useCallback(async () => {
      await call(`/clients/${id}`, { method: 'DELETE' })
      setAsking(false)
      await revalidate()
    }, [id, revalidate]),
  )
  return (
    <>
      <ErrorSummary error={toggle.error} failures={toggle.failures} />
      <div className="cluster">
        <Button look="quiet" pending={toggle.pending} onClick={() => void toggle.run()}>
          {t(enabled ? 'people.disable' : 'people.enable')}
        </Button>
        <Button look="quiet" onPointerEnter={preloadDialog} onFocus={preloadDialog} onClick={() => setAsking(true)}>
          {t('clients.delete')}
        </Button>
      </div>
      <Dialog title={t('clients.delete_title', { name })} isOpen={isAsking} onClose={() => setAsking(false)}>
        <div className="stack">
          <p>{t('clients.delete_text')}</p>
          <ErrorSummary error={remove.error} failures={remove.failures} />
          <div className="dialog-actions">
            <Button onClick={() => setAsking(false)}>{t('people.keep')}</Button>
            <Button look="danger" pending={remove.pending} onClick={() => void remove.run()}>
              {t('clients.delete')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  )
}

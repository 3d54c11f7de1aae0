import { useCallback } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useRevalidator } from 'react-router'
import { Button } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Empty } from '../../design/empty.tsx'
import { Users } from '../../design/icons.tsx'
import { Link, useSearch } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { When } from '../../design/values.tsx'
import { type PageText, useText } from '../../messages/use-text.ts'
import { call, readList, wishesOf } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { List } from '../lists.tsx'
import { Page } from '../page.tsx'
import { ErrorSummary } from '../problems.tsx'
import { usageText } from '../quota.ts'
import { SearchBox } from '../search-box.tsx'
import { can, useSession } from '../session.ts'
import type { Page as ListPage } from '../types.ts'
import { usageLabel } from '../usage-name.ts'
import { useOperation } from '../use-operation.ts'
import { usePolling } from '../use-polling.ts'
import { PlatformForm } from './platform-form.tsx'
import { PlatformState } from './platform-state.tsx'
import { Raises } from './raises.tsx'
import type { Platform, PlatformCustomer, Raise } from './types.ts'

export async function loader({ params, request }: LoaderFunctionArgs) {
  const path = `/platforms/${params['platform']}`
  const [platform, customers, stores] = await Promise.all([
    call<Platform & { raises: Raise[] }>(path),
    readList<ListPage<PlatformCustomer>>(request, `${path}/customers`, wishesOf(request, 'query')),
    call<{ items: readonly { domains: readonly string[] }[] }>('/stores').catch(() => ({ items: [] })),
  ])
  return { platform, customers, origin: stores.items[0]?.domains[0] ?? null }
}

/** What is wrong with a customer there, and with its people, each said once with how many it is about. */
function problemsOf({ t }: PageText, own: string | null, users: PlatformCustomer['users']): string[] {
  const counts = new Map<string, number>()
  for (const { problem } of users) if (problem !== null) counts.set(problem, (counts.get(problem) ?? 0) + 1)
  const ofUsers = [...counts].map(([problem, count]) => t('platforms.nobody', { count, problem }))
  return own === null ? ofUsers : [own, ...ofUsers]
}

/** How a platform stands, who lives there and who they are here, and what was raised there. */
export function Component() {
  const text = useText()
  const { t } = text
  const { platform, customers, origin } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const wish = useSearch().get('query') ?? ''
  const mayWrite = can(useSession(), 'platforms:write')
  usePolling(platform.enabled, 10_000)
  const look = useOperation(
    useCallback(
      async (key: string) => {
        await call(`/platforms/${platform.name}/sync`, { method: 'POST', idempotencyKey: key, body: {} })
        await revalidate()
      },
      [platform.name, revalidate],
    ),
  )
  const again = useCallback(() => revalidate(), [revalidate])
  return (
    <Page
      aboveTitle={<BackLink to="/portal/platforms">{t('platforms.title')}</BackLink>}
      title={platform.title}
      actions={
        mayWrite ? (
          <Button pending={look.pending} onClick={() => void look.run()}>
            {t('platforms.look')}
          </Button>
        ) : null
      }
    >
      <ErrorSummary error={look.error} failures={look.failures} />
      <p className="cluster">
        <PlatformState platform={platform} />
        <span className="small quiet">
          {t('platforms.synced')}: {platform.syncedAt === null ? t('platforms.never') : <When at={platform.syncedAt} />}
        </span>
      </p>
      {platform.syncError === null ? null : (
        <Notice tone="bad" title={t('platforms.failing', { since: text.date(platform.failingSince ?? '') })}>
          <p>{platform.syncError}</p>
          {platform.syncedAt === null ? null : <p>{t('platforms.stale')}</p>}
        </Notice>
      )}
      {platform.raisesWaiting === 0 ? null : (
        <Notice tone="warn">
          <p>{t('platforms.waiting', { count: platform.raisesWaiting })}</p>
        </Notice>
      )}
      {platform.problems === 0 ? null : (
        <Notice tone="warn">
          <p>{t('platforms.problems', { count: platform.problems })}</p>
        </Notice>
      )}
      <section className="card stack">
        <h2>{t('platforms.link_title')}</h2>
        <p>{t(origin === null ? 'platforms.no_store' : 'platforms.link')}</p>
        {origin === null ? null : (
          <Copyable value={`${origin}/upgrade/${platform.name}`} name={t('platforms.link_copy')} />
        )}
      </section>
      <section className="stack">
        <h2>{t('platforms.customers')}</h2>
        <List
          caption={t('platforms.customers')}
          filter={customers.items.length > 0 || wish ? <SearchBox label={t('platforms.search')} /> : null}
          page={customers}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'customer',
              sort: 'name',
              label: t('platforms.customer'),
              cell: ({ name, number, goneAt, problem, users }: PlatformCustomer) => (
                <div className="stack stack-1">
                  <span>{name}</span>
                  <span className="small quiet">
                    {number === null ? null : t('platforms.number', { number })}{' '}
                    {goneAt === null ? null : t('platforms.gone')}
                  </span>
                  {problemsOf(text, problem, users).map((each) => (
                    <span key={each} className="small usage-almost">
                      {each}
                    </span>
                  ))}
                </div>
              ),
            },
            {
              key: 'account',
              sort: 'account',
              label: t('platforms.account'),
              cell: ({ account }: PlatformCustomer) => (
                <Link to={`/portal/accounts/${account.id}`}>{account.name}</Link>
              ),
            },
            {
              key: 'quotas',
              label: t('platforms.quotas'),
              cell: ({ quotas }: PlatformCustomer) => (
                <ul className="plain-list small">
                  {quotas.map(({ usageName, used, value }) => (
                    <li key={usageName}>
                      {usageLabel(text, usageName)}:{' '}
                      {value === null
                        ? t('platforms.unlimited', { used: usageText(text, usageName, Number(used)) })
                        : t('usage.of', {
                            used: usageText(text, usageName, Number(used)),
                            value: usageText(text, usageName, Number(value)),
                          })}
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
          empty={
            <Empty icon={Users} title={t(wish ? 'platforms.none_title' : 'platforms.no_customers_title')}>
              <p>{t(wish ? 'platforms.none' : 'platforms.no_customers')}</p>
            </Empty>
          }
        />
      </section>
      <Raises raises={platform.raises} />
      {mayWrite ? (
        <details className="card">
          <summary>{t('platforms.settings')}</summary>
          <PlatformForm platform={platform} onSaved={again} />
        </details>
      ) : null}
    </Page>
  )
}

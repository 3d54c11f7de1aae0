import { useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { Page } from '../page.tsx'
import { usePolling } from '../use-polling.ts'
import { usageText } from '../quota.ts'
import { UsageHistory, type UsageRecord } from './usage-history.tsx'

interface Usage {
  readonly usageName: string
  readonly tenantId: string
  readonly scope: 'tenant' | 'user'
  readonly title: string
  readonly used: string | null
  readonly value: string | null
  readonly state: 'fine' | 'almost_reached' | 'reached' | 'exceeded'
}

/** What is used of each quota, with its history; all of it in a few small requests. */
export async function loader() {
  const page = `${location.origin}/client/usage`
  const { header } = await call<{ header: { usages: readonly Usage[] } }>(`/alerts${query({ redirect_url: page })}`)
  return Promise.all(
    header.usages.map(async (usage) => ({
      ...usage,
      record: await call<UsageRecord>(`/usage-history/${usage.tenantId}/${usage.usageName}`),
    })),
  )
}

export function Component() {
  const text = useText()
  const { t } = text
  const usages = useLoaderData<typeof loader>()
  usePolling(true, 30_000)
  return (
    <Page title={t('nav.usage')}>
      {usages.length === 0 ? (
        <Empty icon={Layers} title={t('usage.empty_title')}>
          <p>{t('usage.empty')}</p>
        </Empty>
      ) : (
        <div className="stack">
          <p>{t('usage.lead')}</p>
          {usages.map(({ usageName, scope, title, used, value, state, record }) => {
            const name = scope === 'user' ? t('usage.user_scope', { name: title }) : title
            const inUse = usageText(text, usageName, Number(used ?? 0))
            const tone = state === 'fine' ? '' : state === 'almost_reached' ? 'tone-warn' : 'tone-bad'
            return (
              <section key={`${scope} ${usageName}`} className="card stack">
                <div className="cluster spread">
                  <h2>{name}</h2>
                  <p>
                    {value === null
                      ? t('usage.unlimited', { used: inUse })
                      : t('usage.of', { used: inUse, value: usageText(text, usageName, Number(value)) })}
                  </p>
                </div>
                {value === null ? null : (
                  <progress
                    className={`meter ${tone}`}
                    aria-label={name}
                    value={Math.min(Number(used ?? 0), Number(value))}
                    max={Math.max(Number(value), 1)}
                  />
                )}
                <UsageHistory usageName={usageName} record={record} />
              </section>
            )
          })}
        </div>
      )}
    </Page>
  )
}

import { useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Gauge } from '../../design/icons.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { EditionCard } from '../edition-card.tsx'
import { Page } from '../page.tsx'
import { useSession } from '../session.ts'
import { UpsellLine } from '../upsell-line.tsx'
import { usePolling } from '../use-polling.ts'
import { DAYS, readHistory } from './read-history.ts'
import type { UserAlerts } from './types.ts'
import { UsageCard } from './usage-card.tsx'

/** The customer's usage and, where they have quotas of their own, the user's; with what they may do about each. */
export async function loader() {
  const alerts = await call<UserAlerts>(
    `/alerts${query({ redirect_url: `${location.origin}/client/usage`, editions: 'true' })}`,
  )
  const tenantOf = (scope: 'tenant' | 'user') => alerts.header.usages.find((usage) => usage.scope === scope)?.tenantId
  const [company, own] = await Promise.all([itemsOf(tenantOf('tenant')), itemsOf(tenantOf('user'))])
  return { alerts, company, own }
}

const itemsOf = async (tenantId: string | undefined) =>
  tenantId === undefined ? [] : (await readHistory(tenantId)).items

export function Component() {
  const { t } = useText()
  const { tenant } = useSession()
  const { alerts, company, own } = useLoaderData<typeof loader>()
  usePolling(true, 30_000)
  const actionFor = (scope: 'tenant' | 'user', usageName: string) =>
    alerts.items.find((alert) => alert.scope === scope && alert.usageName === usageName)?.action
  const groups = [
    { scope: 'user', title: t('quota.own'), hint: t('quota.own_hint'), items: own },
    { scope: 'tenant', title: t('quota.company', { name: tenant?.name ?? '' }), hint: null, items: company },
  ] as const
  return (
    <Page title={t('nav.usage')} lead={t('quota.lead')}>
      {company.length + own.length === 0 ? (
        <Empty icon={Gauge} title={t('quota.empty_title')}>
          <p>{t('quota.empty')}</p>
        </Empty>
      ) : null}
      {groups.map(({ scope, title, hint, items }) =>
        items.length === 0 ? null : (
          <section key={scope} className="stack" aria-labelledby={`usage-${scope}`}>
            <h2 id={`usage-${scope}`}>{title}</h2>
            {hint === null ? null : <p className="muted">{hint}</p>}
            <div className="usage-cards">
              {items.map((item) => (
                <UsageCard key={item.usageName} item={item} days={DAYS} level={3}>
                  <UpsellLine action={actionFor(scope, item.usageName)} />
                </UsageCard>
              ))}
            </div>
          </section>
        ),
      )}
      <EditionCard upsell={alerts.edition} />
    </Page>
  )
}

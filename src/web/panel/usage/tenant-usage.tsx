import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { Empty } from '../../design/empty.tsx'
import { Gauge } from '../../design/icons.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import { useText } from '../../messages/use-text.ts'
import { BackLink } from '../back-link.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import { usageLabel } from '../usage-name.ts'
import { QuotaEditor } from './quota-editor.tsx'
import { DAYS, readHistory } from './read-history.ts'
import { UsageCard } from './usage-card.tsx'

export async function loader({ params, request }: LoaderFunctionArgs) {
  const tenantId = params['tenantId'] ?? ''
  const wish = new URL(request.url).searchParams.get('usage_name')
  const { tenant, items } = await readHistory(tenantId)
  const isNew = wish !== null && !items.some(({ usageName }) => usageName === wish)
  const added = isNew ? (await readHistory(tenantId, wish)).items : []
  return { tenant, items: [...added, ...items], wish }
}

/** What a tenant uses and may use; staff who may set quotas set them here. */
export function Component() {
  const text = useText()
  const { t } = text
  const session = useSession()
  const { tenant, items, wish } = useLoaderData<typeof loader>()
  const maySet = can(session, 'quotas:write')
  return (
    <Page
      aboveTitle={
        tenant.kind === 'customer' ? (
          <BackLink to={`/portal/accounts/${tenant.id}`}>{tenant.name}</BackLink>
        ) : (
          <BackLink to="/portal/tenants">{t('nav.tenants')}</BackLink>
        )
      }
      title={t('tenant_usage.title')}
      lead={t('tenant_usage.lead', { name: tenant.name })}
    >
      {maySet ? <p className="muted">{t('tenant_usage.explain')}</p> : null}
      {items.length === 0 ? (
        <Empty icon={Gauge} title={t('quota.empty_title')}>
          <p>{t('quota.empty_portal')}</p>
        </Empty>
      ) : (
        <div className="usage-cards">
          {items.map((item) => (
            <UsageCard key={item.usageName} item={item} days={DAYS} level={2}>
              <QuotaEditor key={item.version} item={item} maySet={maySet} isOpen={item.usageName === wish} />
            </UsageCard>
          ))}
        </div>
      )}
      {maySet ? (
        <section className="card stack" aria-labelledby="add-quota">
          <h2 id="add-quota">{t('tenant_usage.add_title')}</h2>
          <SearchForm className="search usage-add">
            <input
              className="input"
              name="usage_name"
              required
              pattern="[a-z][a-z0-9_]{0,63}"
              list="usage-names"
              aria-label={t('tenant_usage.add_name')}
              placeholder="storage"
            />
            <datalist id="usage-names">
              {['storage', 'workstations', 'servers', 'vms', 'mobiles'].map((name) => (
                <option key={name} value={name}>
                  {usageLabel(text, name)}
                </option>
              ))}
            </datalist>
            <button className="button" type="submit">
              {t('tenant_usage.add')}
            </button>
          </SearchForm>
        </section>
      ) : null}
    </Page>
  )
}

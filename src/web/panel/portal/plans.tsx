import { useLoaderData } from 'react-router'
import { Copyable } from '../../design/copy.tsx'
import { Empty } from '../../design/empty.tsx'
import { SelectField } from '../../design/field.tsx'
import { Link2 } from '../../design/icons.tsx'
import { Link, SearchForm, useSearch } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { can, loadSession, useSession } from '../session.ts'
import type { Page as ListPage, Manager, SoldPlan } from '../types.ts'
import { chosenKey, NOBODY } from './link-for.ts'
import { PlanLinks } from './plan-links.tsx'

export async function loader() {
  const session = await loadSession()
  const [plans, managers] = await Promise.all([
    call<{ items: readonly SoldPlan[] }>('/plans'),
    can(session, 'managers:read') ? call<ListPage<Manager>>('/managers') : null,
  ])
  return { plans: plans.items, managers: managers?.items ?? [] }
}

/** Plans with every id and link a buy-link needs, and the keys that credit a manager. */
export function Component() {
  const { t } = useText()
  const { plans, managers } = useLoaderData<typeof loader>()
  const search = useSearch()
  const keyed = managers.filter((manager) => manager.key !== null)
  const wish = chosenKey(search.get('manager'), useSession().manager?.key)
  const key = keyed.some((manager) => manager.key === wish && manager.active) ? wish : null
  return (
    <Page title={t('nav.plans')} lead={t('plans.lead')}>
      {plans.length === 0 ? (
        <Empty icon={Link2} title={t('plans.empty_title')}>
          <p>{t('plans.empty')}</p>
        </Empty>
      ) : (
        <>
          {keyed.length > 0 ? (
            <SearchForm live className="narrow-field">
              <SelectField
                label={t('plans.credit')}
                name="manager"
                hint={t('plans.credit_hint')}
                defaultValue={key ?? NOBODY}
                options={[
                  { value: NOBODY, label: t('plans.nobody') },
                  ...keyed
                    .filter((manager) => manager.active)
                    .map((manager) => ({ value: manager.key ?? '', label: `${manager.name} (${manager.key})` })),
                ]}
              />
            </SearchForm>
          ) : null}
          {plans.map((plan) => (
            <PlanLinks key={plan.id} plan={plan} managerKey={key} />
          ))}
        </>
      )}
      {keyed.length > 0 ? (
        <section className="stack">
          <h2>{t('managers.title')}</h2>
          <p className="muted">{t('managers.lead')}</p>
          <Table
            caption={t('managers.title')}
            rows={keyed}
            rowKey={(manager) => manager.id}
            columns={[
              { key: 'name', label: t('managers.name'), cell: (manager) => manager.name },
              {
                key: 'key',
                label: t('managers.key'),
                cell: (manager) => (
                  <Copyable value={manager.key ?? ''} name={t('managers.key_of', { name: manager.name })} />
                ),
              },
              {
                key: 'active',
                label: t('column.status'),
                cell: (manager) => t(manager.active ? 'managers.active' : 'managers.inactive'),
              },
              {
                key: 'use',
                label: t('column.actions'),
                actions: true,
                cell: (manager) =>
                  manager.active ? <Link to={`?manager=${manager.key}`}>{t('managers.use')}</Link> : null,
              },
            ]}
          />
        </section>
      ) : null}
    </Page>
  )
}

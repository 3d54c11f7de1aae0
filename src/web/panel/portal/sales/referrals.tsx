import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../../design/button.tsx'
import { Empty } from '../../../design/empty.tsx'
import { Amounts } from '../../../design/figures.tsx'
import { Users } from '../../../design/icons.tsx'
import { Link, useSearch } from '../../../design/link.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call, readList, wishesOf } from '../../api.ts'
import { List } from '../../lists.tsx'
import { Page } from '../../page.tsx'
import { SearchBox } from '../../search-box.tsx'
import { can, useSession } from '../../session.ts'
import type { Page as ListPage } from '../../types.ts'
import { DaysFilter, daysOf, rangeQuery } from './days.tsx'
import type { ManagerFigures, Program } from './types.ts'

export async function loader({ request }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url)
  const { query } = wishesOf(request, 'query')
  const [programs, partners] = await Promise.all([
    call<ListPage<Program>>('/referral-programs?limit=1'),
    readList<ListPage<ManagerFigures>>(request, '/manager-figures', {
      ...rangeQuery(daysOf(searchParams)),
      is_partner: 'true',
      query,
    }),
  ])
  return { hasProgram: programs.items.length > 0, partners }
}

/** Referral partners, and what each brought in the days that are looked at. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const wish = useSearch().get('query')
  const { hasProgram, partners } = useLoaderData<typeof loader>()
  const mayWrite = can(session, 'referrals:write')
  return (
    <Page
      title={t('nav.referrals')}
      lead={t('referrals.lead')}
      actions={
        <>
          {hasProgram ? <ButtonLink to="/portal/referrals/programs">{t('referrals.programs')}</ButtonLink> : null}
          {mayWrite ? (
            <ButtonLink to={`/portal/referrals/${hasProgram ? 'partners' : 'programs'}/new`} look="primary">
              {t(hasProgram ? 'referrals.add_partner' : 'referrals.add_program')}
            </ButtonLink>
          ) : null}
        </>
      }
    >
      {hasProgram ? (
        <>
          <List
            caption={t('referrals.partners')}
            filter={
              <div className="cluster spread">
                <SearchBox label={t('referrals.search')} />
                <DaysFilter />
              </div>
            }
            page={partners}
            rowKey={({ manager }) => manager.id}
            columns={[
              {
                key: 'name',
                sort: 'name',
                label: t('managers.name'),
                cell: ({ manager }) => (
                  <Link className="row-link" to={`/portal/managers/${manager.id}`}>
                    {manager.name}
                  </Link>
                ),
              },
              {
                key: 'key',
                sort: 'key',
                label: t('managers.key'),
                cell: ({ manager }) => <code>{manager.key ?? t('none')}</code>,
              },
              {
                key: 'visits',
                sort: 'visits',
                label: t('figures.visits'),
                number: true,
                cell: (row) => row.visits,
              },
              {
                key: 'accounts',
                sort: 'accounts',
                label: t('figures.accounts'),
                number: true,
                cell: (row) => row.accounts,
              },
              {
                key: 'orders',
                sort: 'orders',
                label: t('figures.orders'),
                number: true,
                cell: (row) => row.orders,
              },
              {
                key: 'net',
                sort: 'paid_net',
                label: t('figures.paid_net'),
                number: true,
                cell: (row) => <Amounts sums={row} what="paidNet" />,
              },
              {
                key: 'reward',
                sort: 'reward',
                label: t('figures.reward'),
                number: true,
                cell: (row) => <Amounts sums={row} what="reward" />,
              },
            ]}
            empty={
              wish ? (
                <Empty icon={Users} title={t('search.none_title', { query: wish })}>
                  <p>{t('referrals.not_found')}</p>
                </Empty>
              ) : (
                <p className="muted">{t('referrals.no_partners')}</p>
              )
            }
          />
          <p className="small muted">{t('figures.explain')}</p>
        </>
      ) : (
        <Empty icon={Users} title={t('referrals.empty_title')}>
          <p>{t('referrals.empty')}</p>
        </Empty>
      )}
    </Page>
  )
}

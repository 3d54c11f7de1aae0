import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../../design/button.tsx'
import { Empty } from '../../../design/empty.tsx'
import { Amounts } from '../../../design/figures.tsx'
import { Users } from '../../../design/icons.tsx'
import { Link } from '../../../design/link.tsx'
import { Pager } from '../../../design/pager.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { When } from '../../../design/values.tsx'
import { useText } from '../../../messages/use-text.ts'
import { call, query } from '../../api.ts'
import { ListTools } from '../../lists.tsx'
import { Page } from '../../page.tsx'
import { can, useSession } from '../../session.ts'
import type { Page as ListPage } from '../../types.ts'
import { CsvButton } from './csv-button.tsx'
import { DaysFilter, daysOf, rangeQuery } from './days.tsx'
import type { ManagerFigures, Program } from './types.ts'

export async function loader({ request }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams
  const sort = search.get('sort')
  const wish = { ...rangeQuery(daysOf(search)), is_partner: 'true', limit: '100', cursor: search.get('cursor') }
  // A few programmes, any number of partners: the place in the address is one in their list.
  const [programs, figures] = await Promise.all([
    call<ListPage<Program>>(`/referral-programs${query({ sort, limit: '200' })}`),
    call<ListPage<ManagerFigures>>(`/manager-figures${query(wish)}`),
  ])
  const file = `/api/v1/referral-programs.csv${query({ sort })}`
  return { programs: { ...programs, nextCursor: null, file }, partners: figures }
}

/** Referral programmes, their partners, and what each brought. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { programs, partners } = useLoaderData<typeof loader>()
  const figures = partners.items
  const mayWrite = can(session, 'referrals:write')
  const programColumns: readonly Column<Program>[] = [
    {
      key: 'name',
      sort: 'name',
      label: t('managers.name'),
      cell: (program) => (
        <Link className="row-link" to={`/portal/referrals/programs/${program.id}`}>
          {program.name}
        </Link>
      ),
    },
    {
      key: 'percent',
      sort: 'percent',
      label: t('referrals.share'),
      cell: (program) => t(`referrals.share_${program.appliesTo}`, { percent: program.percent }),
    },
    {
      key: 'from',
      sort: 'valid_from',
      label: t('referrals.from'),
      cell: (program) => <When at={program.validFrom} plain />,
    },
    {
      key: 'until',
      sort: 'valid_until',
      label: t('referrals.until'),
      cell: (program) =>
        program.validUntil === null ? t('referrals.endless') : <When at={program.validUntil} plain />,
    },
    {
      key: 'partners',
      sort: 'partners',
      label: t('referrals.partners'),
      number: true,
      cell: (program) => program.partners,
    },
  ]
  return (
    <Page
      title={t('nav.referrals')}
      lead={t('referrals.lead')}
      actions={
        mayWrite ? (
          <>
            <ButtonLink to="/portal/referrals/programs/new" look={programs.items.length === 0 ? 'primary' : 'plain'}>
              {t('referrals.add_program')}
            </ButtonLink>
            {programs.items.length === 0 ? null : (
              <ButtonLink to="/portal/referrals/partners/new" look="primary">
                {t('referrals.add_partner')}
              </ButtonLink>
            )}
          </>
        ) : null
      }
    >
      {programs.items.length === 0 ? (
        <Empty icon={Users} title={t('referrals.empty_title')}>
          <p>{t('referrals.empty')}</p>
        </Empty>
      ) : (
        <>
          <section className="stack">
            <h2>{t('referrals.programs')}</h2>
            <ListTools page={programs} columns={programColumns} />
            <Table
              caption={t('referrals.programs')}
              rows={programs.items}
              rowKey={({ id }) => id}
              columns={programColumns}
              sortable
            />
          </section>
          <section className="stack">
            <h2>{t('referrals.partners')}</h2>
            <div className="list-tools no-print">
              <div>
                <DaysFilter />
              </div>
              <div className="list-ways">
                <CsvButton
                  size="normal"
                  name="referrals"
                  heads={['name', 'key']}
                  rows={figures.map((row) => ({ cells: [row.manager.name, row.manager.key ?? ''], sums: row }))}
                />
              </div>
            </div>
            {figures.length === 0 ? (
              <p className="muted">{t('referrals.no_partners')}</p>
            ) : (
              <Table
                caption={t('referrals.partners')}
                rows={figures}
                rowKey={({ manager }) => manager.id}
                columns={[
                  {
                    key: 'name',
                    label: t('managers.name'),
                    cell: ({ manager }) => (
                      <Link className="row-link" to={`/portal/managers/${manager.id}`}>
                        {manager.name}
                      </Link>
                    ),
                  },
                  {
                    key: 'key',
                    label: t('managers.key'),
                    cell: ({ manager }) => <code>{manager.key ?? t('none')}</code>,
                  },
                  { key: 'visits', label: t('figures.visits'), number: true, cell: (row) => row.visits },
                  { key: 'accounts', label: t('figures.accounts'), number: true, cell: (row) => row.accounts },
                  { key: 'orders', label: t('figures.orders'), number: true, cell: (row) => row.orders },
                  {
                    key: 'net',
                    label: t('figures.paid_net'),
                    number: true,
                    cell: (row) => <Amounts sums={row} what="paidNet" />,
                  },
                  {
                    key: 'reward',
                    label: t('figures.reward'),
                    number: true,
                    cell: (row) => <Amounts sums={row} what="reward" />,
                  },
                ]}
              />
            )}
            <Pager nextCursor={partners.nextCursor} />
            <p className="small muted">{t('figures.explain')}</p>
          </section>
        </>
      )}
    </Page>
  )
}

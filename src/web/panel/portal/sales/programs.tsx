import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../../design/button.tsx'
import { Empty } from '../../../design/empty.tsx'
import { Users } from '../../../design/icons.tsx'
import { Link } from '../../../design/link.tsx'
import { When } from '../../../design/values.tsx'
import { useText } from '../../../messages/use-text.ts'
import { readList } from '../../api.ts'
import { BackLink } from '../../back-link.tsx'
import { List } from '../../lists.tsx'
import { Page } from '../../page.tsx'
import { can, useSession } from '../../session.ts'
import type { Page as ListPage } from '../../types.ts'
import type { Program } from './types.ts'

export const loader = ({ request }: LoaderFunctionArgs) => readList<ListPage<Program>>(request, '/referral-programs')

/** Referral programmes: which share their partners earn, and when. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const page = useLoaderData<typeof loader>()
  return (
    <Page
      title={t('referrals.programs')}
      lead={t('referrals.programs_lead')}
      aboveTitle={<BackLink to="/portal/referrals">{t('nav.referrals')}</BackLink>}
      actions={
        can(session, 'referrals:write') ? (
          <ButtonLink to="/portal/referrals/programs/new" look="primary">
            {t('referrals.add_program')}
          </ButtonLink>
        ) : null
      }
    >
      <List
        caption={t('referrals.programs')}
        page={page}
        rowKey={({ id }) => id}
        columns={[
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
        ]}
        empty={
          <Empty icon={Users} title={t('referrals.empty_title')}>
            <p>{t('referrals.empty')}</p>
          </Empty>
        }
      />
    </Page>
  )
}

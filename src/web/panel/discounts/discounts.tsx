import { useLoaderData } from 'react-router'
import { Badge } from '../../design/badge.tsx'
import { ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { Layers } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { Money } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import { State } from './state.tsx'
import type { Discount } from './types.ts'

export const loader = () => call<{ items: readonly Discount[] }>('/discounts')

/** What comes off the reseller's prices, by itself or for a code. */
export function Component() {
  const { t } = useText()
  const session = useSession()
  const { items } = useLoaderData<typeof loader>()
  const add = can(session, 'plans:write') ? (
    <ButtonLink to="/portal/discounts/new" look="primary">
      {t('discounts.add')}
    </ButtonLink>
  ) : null
  return (
    <Page title={t('nav.discounts')} lead={t('discounts.lead')} actions={add}>
      {items.length === 0 ? (
        <Empty icon={Layers} title={t('discounts.empty_title')}>
          <p>{t('discounts.empty')}</p>
        </Empty>
      ) : (
        <Table
          caption={t('nav.discounts')}
          rows={items}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'name',
              label: t('discounts.name'),
              cell: ({ id, name }) => (
                <Link className="row-link" to={`/portal/discounts/${id}`}>
                  {name}
                </Link>
              ),
            },
            { key: 'state', label: t('column.status'), cell: (discount) => <State discount={discount} /> },
            {
              key: 'off',
              label: t('discounts.off'),
              number: true,
              cell: ({ percent, amount }) => (amount ? <Money value={amount} code /> : `${percent}%`),
            },
            {
              key: 'by',
              label: t('discounts.by'),
              cell: ({ needsCode, accounts, ownedPlanIds }) => (
                <>
                  {needsCode ? <Badge tone="info">{t('discounts.by_code')}</Badge> : t('discounts.by_itself')}{' '}
                  {accounts.length > 0 ? <Badge>{t('discounts.for_accounts', { n: accounts.length })}</Badge> : null}{' '}
                  {ownedPlanIds.length > 0 ? <Badge>{t('discounts.with_plan')}</Badge> : null}
                </>
              ),
            },
            {
              key: 'for',
              label: t('discounts.for'),
              cell: ({ periods }) => (periods === null ? t('discounts.every') : t('discounts.many', { n: periods })),
            },
          ]}
        />
      )}
    </Page>
  )
}

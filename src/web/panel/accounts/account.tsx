import { useEffect, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { ButtonLink } from '../../design/button.tsx'
import { Copyable } from '../../design/copy.tsx'
import { Facts } from '../../design/lines.tsx'
import { Link } from '../../design/link.tsx'
import { Notice } from '../../design/notice.tsx'
import { Table } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { countryName } from '../country-name.ts'
import { History } from '../history.tsx'
import { Hold } from './hold.tsx'
import { useOrderColumns, useSubscriptionColumns } from '../record-columns.tsx'
import { Page } from '../page.tsx'
import { can, useSession } from '../session.ts'
import { Status } from '../status.tsx'
import type { Account, Page as ListPage, Order, Subscription } from '../types.ts'

export async function loader({ params }: LoaderFunctionArgs) {
  const [account, orders] = await Promise.all([
    call<Account>(`/accounts/${params['accountId']}`),
    call<ListPage<Order>>(`/orders?account_id=${params['accountId']}&limit=20`),
  ])
  return { account, orders: orders.items }
}

/** One customer: who they are, whose they are, what they ordered. */
export function Component() {
  const { t, locale } = useText()
  const session = useSession()
  const { account, orders } = useLoaderData<typeof loader>()
  const columns = useOrderColumns('/portal/orders', false)
  const address = [account.street, [account.zip, account.city].filter(Boolean).join(' '), account.region]
  return (
    <Page
      aboveTitle={<BackLink to="/portal/accounts">{t('nav.accounts')}</BackLink>}
      title={account.name}
      actions={
        <>
          {can(session, 'checkouts:write') ? (
            <ButtonLink look="primary" to={`/portal/accounts/${account.id}/order`}>
              {t('accounts.order')}
            </ButtonLink>
          ) : null}
          {can(session, 'quotas:read') ? (
            <ButtonLink to={`/portal/tenants/${account.id}/usage`}>{t('accounts.usage')}</ButtonLink>
          ) : null}
          {can(session, 'payments:read') ? (
            <ButtonLink to={`/portal/accounts/${account.id}/statement`}>{t('accounts.statement')}</ButtonLink>
          ) : null}
          {can(session, 'plans:write') ? (
            <ButtonLink to={`/portal/discounts/new?account=${account.id}`}>{t('accounts.discount')}</ButtonLink>
          ) : null}
          {can(session, 'users:read') ? (
            <ButtonLink to={`/portal/accounts/${account.id}/users`}>{t('nav.users')}</ButtonLink>
          ) : null}
          {can(session, 'accounts:write') ? <Hold account={account} /> : null}
        </>
      }
      lead={<Status kind="account" value={account.status} />}
    >
      {account.holdReason ? (
        <Notice tone="warn" title={t('accounts.held')}>
          <p>{account.holdReason}</p>
        </Notice>
      ) : null}
      <section className="card">
        <Facts
          items={[
            {
              label: t('column.number'),
              value: <Copyable value={String(account.number)} name={t('column.number')} />,
            },
            { label: t('accounts.id'), value: <Copyable value={account.id} name={t('accounts.id')} /> },
            { label: t('profile.balance'), value: <Money value={account.balance} code /> },
            {
              label: t('order.manager'),
              value: (
                <>
                  {account.manager?.name ?? t('accounts.nobody')}{' '}
                  {can(session, 'managers:read') ? (
                    <Link to={`/portal/accounts/${account.id}/attribution`}>{t('accounts.why')}</Link>
                  ) : null}
                </>
              ),
            },
            { label: t('column.since'), value: <When at={account.createdAt} plain /> },
            ...(account.registration === 'quick'
              ? [{ label: t('accounts.details'), value: t('accounts.quick') }]
              : [
                  {
                    label: t('accounts.address'),
                    value: (
                      <>
                        {[...address.filter(Boolean), account.country ? countryName(locale, account.country) : '']
                          .filter(Boolean)
                          .join(', ')}
                      </>
                    ),
                  },
                  ...(account.vatId ? [{ label: t('field.vat_id'), value: account.vatId }] : []),
                  ...(account.phone ? [{ label: t('field.phone'), value: account.phone }] : []),
                ]),
          ]}
        />
      </section>
      <Running key={account.id} accountId={account.id} />
      <section className="stack">
        <h2>{t('nav.orders')}</h2>
        {orders.length === 0 ? (
          <p className="muted">{t('accounts.no_orders')}</p>
        ) : (
          <Table caption={t('nav.orders')} columns={columns} rows={orders} rowKey={(order) => order.id} />
        )}
      </section>
      <History kind="account" id={account.id} version={account.version} />
    </Page>
  )
}

/** What the customer has. Asked for when the page is there: it says who they are first. */
function Running({ accountId }: { accountId: string }) {
  const { t } = useText()
  const columns = useSubscriptionColumns('/portal/subscriptions', false)
  const [subscriptions, setSubscriptions] = useState<readonly Subscription[]>([])
  useEffect(() => {
    const gone = new AbortController()
    call<ListPage<Subscription>>(`/subscriptions?account_id=${accountId}&limit=20`, { signal: gone.signal }).then(
      ({ items }) => setSubscriptions(items),
      () => undefined,
    )
    return () => gone.abort()
  }, [accountId])
  if (subscriptions.length === 0) return null
  return (
    <section className="stack">
      <h2>{t('nav.subscriptions')}</h2>
      <Table caption={t('nav.subscriptions')} columns={columns} rows={subscriptions} rowKey={({ id }) => id} />
    </section>
  )
}

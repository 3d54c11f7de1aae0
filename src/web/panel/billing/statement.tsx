import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Button } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { TextField } from '../../design/field.tsx'
import { Wallet } from '../../design/icons.tsx'
import { Lines } from '../../design/lines.tsx'
import { Link } from '../../design/link.tsx'
import { Table } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { SearchForm } from '../../design/search-form.tsx'
import type { MessageKey } from '../../messages/catalogue.ts'
import { statements } from '../../messages/en/statements.ts'
import { useText } from '../../messages/use-text.ts'
import { call, query } from '../api.ts'
import { BackLink } from '../back-link.tsx'
import { dayText } from '../day.ts'
import { isZero } from '../money.ts'
import { Page } from '../page.tsx'
import { loadSession } from '../session.ts'

interface Named {
  readonly id: string
  readonly number: string
}

interface Statement {
  readonly account: Named & { readonly name: string }
  readonly from: string
  readonly until: string
  readonly opening: WireMoney
  readonly closing: WireMoney
  readonly parts: Record<'available' | 'held' | 'unapplied', WireMoney>
  readonly items: readonly {
    readonly id: string
    readonly at: string
    readonly kind: string
    readonly amount: WireMoney
    readonly balance: WireMoney
    readonly title: string
    readonly invoice: Named | null
    readonly order: Named | null
    readonly payment: Named | null
  }[]
}

export async function loader({ params, request }: LoaderFunctionArgs) {
  const accountId = params['accountId'] ?? (await loadSession()).account?.id
  // Somebody without an account has no statement.
  if (!accountId) throw new Response(null, { status: 404 })
  const { searchParams } = new URL(request.url)
  const period = { from: searchParams.get('from'), until: searchParams.get('until') }
  const asked = query({ account_id: accountId, from: period.from || null, until: period.until || null })
  return {
    asked,
    isStaff: params['accountId'] !== undefined,
    statement: await call<Statement>(`/account-statements${asked}`),
  }
}

/** An account's statement of a period: what was there, every posting, what is there. */
export function Component() {
  const text = useText()
  const { t } = text
  const { asked, isStaff, statement } = useLoaderData<typeof loader>()
  const { account, from, until, opening, closing, parts, items } = statement
  const base = isStaff ? '/portal' : '/client'
  return (
    <Page
      title={t('statement.title')}
      eyebrow={isStaff ? account.name : undefined}
      lead={t('statement.lead', { from: dayText(text, from), until: dayText(text, until) })}
      aboveTitle={
        isStaff ? (
          <BackLink to={`/portal/accounts/${account.id}`}>{account.name}</BackLink>
        ) : (
          <BackLink to="/client/balance">{t('nav.balance')}</BackLink>
        )
      }
      actions={
        <>
          <a className="button" href={`/api/v1/account-statements.csv${asked}`} download>
            {t('list.csv')}
          </a>
          <a className="button" href={`/api/v1/account-statements.jsonl${asked}`} download>
            {t('billing.jsonl')}
          </a>
        </>
      }
    >
      <SearchForm className="cluster no-print" key={`${from}${until}`}>
        <TextField type="date" name="from" label={t('statement.from')} defaultValue={from} />
        <TextField type="date" name="until" label={t('statement.until')} defaultValue={until} />
        <Button type="submit">{t('statement.show')}</Button>
      </SearchForm>
      <section className="card stack" aria-labelledby="balances">
        <h2 id="balances">{t('statement.balances')}</h2>
        <Lines
          items={[
            { key: 'opening', label: t('statement.opening'), value: <Money value={opening} code /> },
            ...(isZero(parts.held)
              ? []
              : [{ key: 'held', label: t('statement.held'), value: <Money value={parts.held} code /> }]),
            ...(isZero(parts.unapplied)
              ? []
              : [{ key: 'unapplied', label: t('statement.unapplied'), value: <Money value={parts.unapplied} code /> }]),
            { key: 'closing', label: t('statement.closing'), value: <Money value={closing} code />, total: true },
          ]}
        />
      </section>
      {items.length === 0 ? (
        <Empty icon={Wallet} title={t('statement.empty_title')}>
          <p>{t('statement.empty')}</p>
        </Empty>
      ) : (
        <Table
          caption={t('statement.title')}
          rows={items}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'what',
              label: t('statement.what'),
              cell: ({ kind }) => {
                const key = `statement.kind.${kind}`
                return t(key in statements ? (key as MessageKey) : 'statement.kind.other')
              },
            },
            { key: 'for', label: t('statement.for'), cell: ({ title }) => title || t('none') },
            { key: 'at', label: t('statement.day'), cell: ({ at }) => <When at={at} plain /> },
            {
              key: 'document',
              label: t('statement.document'),
              cell: ({ invoice, order, payment }) =>
                invoice ? (
                  <Link to={`${base}/invoices/${invoice.id}`}>{invoice.number}</Link>
                ) : payment ? (
                  <Link to={`${base}/payments/${payment.id}`}>{payment.number}</Link>
                ) : order ? (
                  <Link to={`${base}/orders/${order.id}`}>{order.number}</Link>
                ) : (
                  t('none')
                ),
            },
            {
              key: 'amount',
              label: t('statement.amount'),
              number: true,
              cell: ({ amount }) => <Money value={amount} code />,
            },
            {
              key: 'balance',
              label: t('statement.balance'),
              number: true,
              cell: ({ balance }) => <Money value={balance} code />,
            },
          ]}
        />
      )}
    </Page>
  )
}

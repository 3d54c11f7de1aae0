import { type FormEvent, useCallback, useState } from 'react'
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router'
import type { WireMoney } from '../../../kernel/money.ts'
import { Button, ButtonLink } from '../../design/button.tsx'
import { Empty } from '../../design/empty.tsx'
import { TextField } from '../../design/field.tsx'
import { Wallet } from '../../design/icons.tsx'
import { Link } from '../../design/link.tsx'
import type { Column } from '../../design/table.tsx'
import { Money, When } from '../../design/values.tsx'
import { useText } from '../../messages/use-text.ts'
import { call, readList } from '../api.ts'
import { List } from '../lists.tsx'
import { isZero, readAmount } from '../money.ts'
import { Page } from '../page.tsx'
import { ErrorSummary, fieldError } from '../problems.tsx'
import { loadSession, useSession } from '../session.ts'
import type { Page as ListPage, Payment } from '../types.ts'
import { useOperation } from '../use-operation.ts'

interface Movement {
  readonly id: string
  readonly kind: string
  readonly amount: WireMoney
  readonly balanceAfter: WireMoney
  readonly payment: { readonly id: string; readonly number: string } | null
  readonly orderId: string | null
  readonly occurredAt: string
}
interface Statement extends ListPage<Movement> {
  readonly balance: WireMoney
  readonly blocked: WireMoney
}

export async function loader({ request }: LoaderFunctionArgs): Promise<Statement> {
  const { account } = await loadSession()
  // Somebody without an account has no balance; the page says that there is none.
  if (!account) throw new Response(null, { status: 404 })
  return readList<Statement>(request, `/accounts/${account.id}/statement`)
}

/** What an account may spend, how to add to it, and every change of it. */
export function Component() {
  const { t } = useText()
  const { scopes } = useSession()
  const statement = useLoaderData<typeof loader>()
  const columns = useMovementColumns()
  return (
    <Page title={t('nav.balance')} actions={<ButtonLink to="/client/statement">{t('balance.statement')}</ButtonLink>}>
      <div className="two-columns">
        <div className="stack stack-6">
          <section className="card stack" aria-labelledby="available">
            <h2 id="available">{t('balance.available')}</h2>
            <p className="figure-big">
              <Money value={statement.balance} code />
            </p>
            {isZero(statement.blocked) ? null : (
              <p className="small muted">
                {t('balance.blocked')}: <Money value={statement.blocked} code />
              </p>
            )}
          </section>
          <section className="stack" aria-labelledby="history">
            <h2 id="history">{t('balance.history')}</h2>
            <List
              caption={t('balance.history')}
              page={statement}
              columns={columns}
              rowKey={({ id }) => id}
              empty={
                <Empty icon={Wallet} title={t('balance.empty_title')}>
                  <p>{t('balance.empty')}</p>
                </Empty>
              }
            />
          </section>
        </div>
        {scopes.includes('payments:write') ? <TopUp currency={statement.balance.currency} /> : null}
      </div>
    </Page>
  )
}

function useMovementColumns(): Column<Movement>[] {
  const { t } = useText()
  const known: Readonly<Record<string, string>> = {
    payment_applied: t('balance.kind.payment_applied'),
    paid_from_balance: t('balance.kind.paid_from_balance'),
    payment_released: t('balance.kind.payment_released'),
    order_released: t('balance.kind.order_released'),
    usage_blocked: t('balance.kind.usage_blocked'),
    usage_released: t('balance.kind.usage_released'),
    usage_charged: t('balance.kind.usage_charged'),
    late_receipt: t('balance.kind.late_receipt'),
    order_returned: t('balance.kind.order_returned'),
  }
  return [
    {
      key: 'what',
      sort: 'kind',
      label: t('balance.what'),
      cell: ({ kind, payment, orderId }) => {
        const name = known[kind] ?? t('balance.kind.other')
        const to = payment ? `/client/payments/${payment.id}` : orderId ? `/client/orders/${orderId}` : null
        return to ? <Link to={to}>{name}</Link> : name
      },
    },
    {
      key: 'when',
      sort: 'occurred_at',
      label: t('column.created'),
      cell: ({ occurredAt }) => <When at={occurredAt} />,
    },
    {
      key: 'amount',
      sort: 'amount',
      label: t('balance.amount'),
      number: true,
      cell: ({ amount }) => <Money value={amount} code />,
    },
    {
      key: 'after',
      label: t('balance.after'),
      number: true,
      cell: ({ balanceAfter }) => <Money value={balanceAfter} code />,
    },
  ]
}

function TopUp({ currency }: { currency: string }) {
  const { t } = useText()
  const { account } = useSession()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const amount = readAmount(typed, currency)
  const accountId = account?.id
  const request = useOperation(
    useCallback(
      async (key: string, wanted: WireMoney, note: string) => {
        const body = { accountId, amount: wanted, note }
        const payment = await call<Payment>('/payments', { method: 'POST', body, idempotencyKey: key })
        await navigate(`/client/payments/${payment.id}`)
      },
      [accountId, navigate],
    ),
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    setTried(true)
    if (amount) void request.run(amount, String(new FormData(event.currentTarget).get('note') ?? ''))
  }
  return (
    <section className="card stack" aria-labelledby="topup">
      <h2 id="topup">{t('topup.title')}</h2>
      <p className="muted">{t('topup.lead')}</p>
      <form className="form" onSubmit={submit} noValidate>
        <ErrorSummary error={request.error} failures={request.failures} />
        <TextField
          label={t('topup.amount', { currency })}
          name="amount"
          inputMode="decimal"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          error={tried && !amount ? t('topup.amount_bad') : fieldError(request.error, 'amount')}
        />
        <TextField
          label={t('field.optional', { label: t('topup.note') })}
          name="note"
          maxLength={200}
          autoComplete="off"
        />
        <div>
          <Button type="submit" look="primary" pending={request.pending}>
            {t('topup.submit')}
          </Button>
        </div>
      </form>
    </section>
  )
}

import type { Pool } from 'pg'
import type { Taken } from '../bank.ts'
import type { Problem, Proof } from './check.ts'

/** By now: when events were heard last. */
const LAST = `(select max(relayed_at) from events)`

/** What was charged to cards, and what was asked for by a schedule. */
export const CARDS: readonly Proof[] = [
  {
    name: 'every charge to a card that was paid is one receipt, every other none',
    query: `
      select format('charge %s (%s) of %s %s has %s receipts of %s', c.gateway_id, c.status, c.amount_minor, c.currency, count(r.reference), coalesce(sum(r.amount_minor), 0)) as problem
        from card_charges c
        left join payment_receipts r on r.seller_id = c.seller_id and r.payment_id = c.payment_id and r.reference = c.gateway_id
       group by c.seller_id, c.id, c.gateway_id, c.status, c.amount_minor, c.currency
      having coalesce(sum(r.amount_minor), 0) <> case c.status when 'paid' then c.amount_minor else 0 end
          or count(r.reference) > 1`,
  },
  {
    name: 'no payment is charged at two places at once',
    query: `
      select format('payment %s has %s charges under way', payment_id, count(*)) as problem
        from card_charges where status in ('asked', 'pending') group by seller_id, payment_id having count(*) > 1`,
  },
  {
    name: 'no dunning stands half way',
    query: `
      select format('%s of %s is %s at step %s, due %s', d.subject_kind, t.name, d.status, d.position, d.next_at) as problem
        from dunnings d join tenants t on t.id = d.account_id
       where d.status <> 'running' and d.next_at is not null
         and not exists (select from dunning_steps s where s.seller_id = d.seller_id and s.dunning_id = d.id and s.outcome = 'started')
          or (d.next_at <= ${LAST} and d.created_at < ${LAST})
          or exists (select from dunning_steps s left join card_charges c on c.seller_id = s.seller_id and c.id = s.charge_id
                      where s.seller_id = d.seller_id and s.dunning_id = d.id and s.outcome = 'started' and c.status is distinct from 'pending')`,
  },
  {
    name: 'what is stopped for want of an invoice has one that is not paid',
    query: `
      select format('subscription %s of %s is stopped, and nothing that stopped it is owed', s.number, t.name) as problem
        from subscriptions s join tenants t on t.id = s.account_id
       where s.status = 'stopped' and s.stop_reason = 'unpaid'
         and not exists (select from dunnings d where d.seller_id = s.seller_id and d.stopped_subscription_id = s.id and d.status in ('running', 'exhausted'))`,
  },
  {
    name: 'what is paid or cancelled is not asked for any more',
    query: `
      select format('%s of %s is still asked for', coalesce(p.number, i.number), t.name) as problem
        from dunnings d
        join tenants t on t.id = d.account_id
        left join payments p on d.subject_kind = 'payment' and p.seller_id = d.seller_id and p.id = d.subject_id
        left join invoices i on d.subject_kind = 'invoice' and i.seller_id = d.seller_id and i.id = d.subject_id
       where d.status = 'running' and (p.status not in ('waiting_for_payment', 'processing') or i.paid_at is not null)`,
  },
]

/** Money that the bank took is in the books once, and none that it did not. */
export async function cardProblems(pool: Pool, taken: readonly Taken[]): Promise<Problem[]> {
  const { rows } = await pool.query<{ reference: string; currency: string; amount: string; count: number }>(`
    select r.reference, p.currency, sum(r.amount_minor)::text as amount, count(*)::integer as count
      from payment_receipts r join payments p on p.seller_id = r.seller_id and p.id = r.payment_id
     where r.approved_by->>'id' = 'card-gateway' group by 1, 2`)
  const booked = new Map(
    rows.map(({ reference, currency, amount, count }) => [reference, `${count} × ${amount} ${currency}`]),
  )
  const problems = taken.flatMap(({ reference, amountMinor, currency }) => {
    const expected = `1 × ${amountMinor} ${currency}`
    const found = booked.get(reference) ?? 'nothing'
    booked.delete(reference)
    return found === expected
      ? []
      : [`cards: the bank took ${amountMinor} ${currency} (${reference}), booked is ${found}`]
  })
  const invented = [...booked].map(
    ([reference, found]) => `cards: ${found} are booked of ${reference}, which the bank does not know`,
  )
  const { rows: clearing } = await pool.query<{ currency: string; total: string }>(
    `select currency, sum(balance_minor)::text as total from ledger_accounts where kind = 'gateway_clearing' group by 1`,
  )
  const sums = new Map<string, bigint>()
  for (const { amountMinor, currency } of taken) sums.set(currency, (sums.get(currency) ?? 0n) + amountMinor)
  const different = [...new Set([...sums.keys(), ...clearing.map(({ currency }) => currency)])].flatMap((currency) => {
    const total = clearing.find((each) => each.currency === currency)?.total ?? '0'
    const sum = (sums.get(currency) ?? 0n).toString()
    return total === sum ? [] : [`cards: the bank took ${sum} ${currency}, ${total} are in the books`]
  })
  return [...problems, ...invented, ...different].slice(0, 20)
}

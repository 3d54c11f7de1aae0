-- What pgbench runs for the claim `topup`: one statement a payment that writes the rows that Buylink writes when money for
-- a top-up has come, into the same tables, for a session that it claims once. Nobody is asked whether it is paid, and no
-- signature is checked: that is ours on top.
\set i :i + 1
\set n :first + :client_id * :each + :i - 1
\set s :seller + :n % :sellers
with claimed as (
  update card_sessions set status = 'paid', updated_at = clock_timestamp()
   where gateway_id = 'cs_bench_' || :n::bigint and status = 'open'
     and seller_id = ('00000000-0000-7001-8000-' || lpad(to_hex(:s::bigint), 12, '0'))::uuid
  returning seller_id, payment_id, updated_at as at
), paid as (
  update payments p set status = 'completed', received_minor = total_minor, closed_at = c.at, updated_at = c.at, version = version + 1
    from claimed c where p.seller_id = c.seller_id and p.id = c.payment_id
  returning p.seller_id, p.id, p.account_id, p.total_minor, p.currency, p.correlation_id, c.at
), work as materialized (
  select *, uuidv7() as receipt_id, uuidv7() as receipt_posting, uuidv7() as applied_posting from paid
), receipt as (
  insert into payment_receipts (seller_id, id, payment_id, amount_minor, reference, approved_by, received_at)
  select seller_id, receipt_id, id, total_minor, 'pi_bench', '{"kind": "system", "id": "card-gateway"}', at from work
), postings as (
  insert into ledger_postings (seller_id, id, kind, natural_key, account_id, order_id, payment_id, correlation_id, occurred_at)
  select seller_id, receipt_posting, 'receipt', 'receipt:' || receipt_id, account_id, null::uuid, id, correlation_id, at from work
  union all
  select seller_id, applied_posting, 'payment_applied', 'payment_applied:' || id, account_id, null, id, correlation_id, at from work
), booked as (
  insert into ledger_accounts (seller_id, id, kind, account_id, currency, balance_minor)
  select seller_id, gen_random_uuid(), kind, case when kind <> 'gateway_clearing' then account_id end, currency, total_minor * factor
    from work, (values ('customer_balance', -1), ('gateway_clearing', 1), ('unapplied_cash', 0)) as k (kind, factor)
   order by kind
  on conflict (seller_id, kind, account_id, currency) do update set balance_minor = ledger_accounts.balance_minor + excluded.balance_minor
  returning id, kind
), entries as (
  insert into ledger_entries (seller_id, posting_id, position, ledger_account_id, amount_minor, currency)
  select seller_id, case when e.applied then applied_posting else receipt_posting end, e.position, booked.id, total_minor * e.factor, currency
    from work, (values (false, 0, 'gateway_clearing', 1), (false, 1, 'unapplied_cash', -1), (true, 0, 'unapplied_cash', 1), (true, 1, 'customer_balance', -1))
           as e (applied, position, kind, factor) join booked on booked.kind = e.kind
), told as (
  insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at, relayed_at)
  select seller_id, uuidv7(), type, 'payment', id::text, account_id,
         jsonb_build_object('payment_id', id, 'order_id', null, 'purpose', 'top_up', 'amount', '50.00', 'received', '50.00', 'total', '50.00', 'currency', currency),
         '{"kind": "system", "id": "card-gateway"}', correlation_id, at, at
    from work, (values ('payment.received'), ('payment.completed')) as t (type)
)
select id from work;

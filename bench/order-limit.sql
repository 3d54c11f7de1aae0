-- What pgbench runs for the claim `order`: one statement an order that writes the rows that Buylink writes, into the
-- same tables, from a checkout that it claims once. Prices, accounts and terms are not checked: that is ours on top.
\set i :i + 1
\set n :first + :client_id * :each + :i - 1
\set s :seller + :n % :sellers
with claimed as (
  update checkouts set status = 'placed', order_id = uuidv7(), version = version + 1
   where seller_id = ('00000000-0000-7001-8000-' || lpad(to_hex(:s::bigint), 12, '0'))::uuid
     and id = ('00000000-0000-7007-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid and status = 'open'
  returning seller_id, id, account_id, store_id, correlation_id, order_id, (selection->>'planId')::bigint as plan_id
), work as materialized (
  select *, uuidv7() as subscription_id, uuidv7() as payment_id, uuidv7() as event_id, clock_timestamp() as at,
         jsonb_build_object('order_id', order_id, 'account_id', account_id, 'subscription_id', uuidv7(), 'payment_id', uuidv7(),
                            'plan_id', plan_id::text, 'plan_period_id', plan_id::text, 'total', '57.00', 'currency', 'USD') as payload,
         '{"kind": "api_client", "id": "bench-1"}'::jsonb as actor
    from claimed
), numbers as (
  insert into counters (seller_id, name, value)
  select seller_id, name, 1 from work, (values ('order'), ('payment'), ('subscription')) as kind (name) order by name
  on conflict (seller_id, name) do update set value = counters.value + 1
  returning name, value
), numbered as materialized (
  select p.*, s.value as subscription_number, 'SO' || lpad(o.value::text, 6, '0') as order_number, 'PM' || lpad(y.value::text, 6, '0') as payment_number
    from work p, (select value from numbers where name = 'subscription') s, (select value from numbers where name = 'order') o,
         (select value from numbers where name = 'payment') y
), new_subscription as (
  insert into subscriptions (seller_id, id, number, account_id, tenant_id, plan_id, plan_period_id, name, status, payment_model,
                             billing_type, trial, exclusive, connector, currency, recurring_minor, created_at, updated_at)
  select seller_id, subscription_id, subscription_number, account_id, account_id, plan_id, plan_id, 'Plan 1', 'ordered', 'prepay',
         'pay_in_full', false, false, 'builtin', 'USD', 5700, at, at from numbered
), new_order as (
  insert into orders (seller_id, id, number, type, status, account_id, subscription_id, checkout_id, store_id, currency, net_minor,
                      tax_minor, total_minor, price_version, snapshot, placed_by, correlation_id, created_at, updated_at, expires_at)
  select seller_id, order_id, order_number, 'sales', 'waiting_for_payment', account_id, subscription_id, id, store_id, 'USD', 5700,
         0, 5700, 1, jsonb_build_object('product', jsonb_build_object('id', '1000000', 'name', 'Backup', 'slug', 'bench-1'),
           'plan', jsonb_build_object('id', plan_id::text, 'name', 'Plan 1', 'billing_type', 'pay_in_full'),
           'period', jsonb_build_object('id', plan_id::text, 'trial', false, 'duration', jsonb_build_object('value', 1, 'unit', 'months')),
           'payment_model', 'prepay', 'tax', jsonb_build_object('name', '', 'basis_points', 0), 'attributes', '{}'::jsonb, 'ga', null),
         actor, correlation_id, at, at, at + interval '7 days' from numbered
), new_lines as (
  insert into order_lines (seller_id, order_id, position, kind, item_id, description, quantity, months, unit_minor, net_minor, tax_minor)
  select seller_id, order_id, l.position, l.kind, plan_id * l.factor, l.description, l.quantity, 1, l.unit_minor, l.net_minor, 0
    from numbered, (values (0, 'period_recurring', 1, 'Plan 1', 1, 4900, 4900), (1, 'resource_recurring', 10, 'Resource 0', 2, 400, 800))
           as l (position, kind, factor, description, quantity, unit_minor, net_minor)
), new_resources as (
  insert into subscription_resources (seller_id, subscription_id, resource_id, name, unit, quantity, included, usage_name, quota_per_unit)
  select seller_id, subscription_id, plan_id * 10 + r, 'Resource ' || r, 'unit', case when r = 0 then 7 else 5 end, 5, 'usage_' || r, 1
    from numbered, generate_series(0, 4) as r
), new_payment as (
  insert into payments (seller_id, id, number, purpose, method, status, account_id, order_id, order_number, subscription_id,
                        description, currency, total_minor, correlation_id, created_at, updated_at, expires_at)
  select seller_id, payment_id, payment_number, 'order', 'bank_transfer', 'waiting_for_payment', account_id, order_id, order_number,
         subscription_id, 'Plan 1', 'USD', 5700, correlation_id, at, at, at + interval '7 days' from numbered
), new_event as (
  insert into events (seller_id, id, type, subject_kind, subject_id, tenant_id, payload, actor, correlation_id, occurred_at, relayed_at)
  select seller_id, event_id, 'order.placed', 'order', order_id::text, account_id, payload, actor, correlation_id, at, at from numbered
), new_audit as (
  insert into audit_log (seller_id, id, action, subject_kind, subject_id, tenant_id, actor, details, correlation_id, occurred_at)
  select seller_id, event_id, 'order.place', 'order', order_id::text, account_id, actor, payload, correlation_id, at from numbered
)
select order_id, order_number, payment_number from numbered;

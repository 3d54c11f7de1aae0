-- A checkout may also change what runs: then it names the subscription, and its selection is the subscription's to be.
alter table checkouts add column type text not null default 'sales' check (type in ('sales', 'renewal', 'change', 'switch', 'prolong'));
alter table checkouts add column subscription_id uuid;

-- The period that is paid for; where one is endless, the month. `anchor_day` is the day of the month that periods begin
-- on where the month has it: 31 January, 28 February, 31 March.
alter table subscriptions add column period_starts_at timestamptz;
alter table subscriptions add column period_ends_at timestamptz;
alter table subscriptions add column anchor_day integer check (anchor_day between 1 and 31);
update subscriptions
   set period_starts_at = activated_at,
       period_ends_at = coalesce(expires_at, case when billing_type = 'pay_in_full' then activated_at + interval '1 month' end),
       anchor_day = extract(day from activated_at at time zone 'utc')
 where activated_at is not null;

-- The order that a completed one is taken back by.
alter table orders add column reverses_order_id uuid;
create unique index orders_reverses on orders (seller_id, reverses_order_id) where reverses_order_id is not null and status <> 'cancelled';

alter table order_lines drop constraint order_lines_kind_check;
alter table order_lines add constraint order_lines_kind_check check (kind in ('period_setup', 'period_recurring', 'period_renewal', 'period_credit', 'resource_setup', 'resource_recurring', 'resource_renewal'));

-- What a service is asked may come of an order or of time. `revision` is the subscription's version it was asked at:
-- what is older than what was served last is out of date.
alter table provisioning_tasks drop constraint provisioning_tasks_operation_check;
alter table provisioning_tasks add constraint provisioning_tasks_operation_check check (operation in ('activate', 'update', 'stop', 'resume', 'delete'));
alter table provisioning_tasks alter column order_id drop not null;
create index provisioning_tasks_subscription on provisioning_tasks (seller_id, subscription_id, id);
alter table quota_grants add column revision bigint not null default 0;

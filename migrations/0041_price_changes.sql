-- A price of a plan that was announced to those who have it: periods that begin from `effective_at` on may cost what
-- `fees` say a month, {"periods": {id: minor units}, "resources": {id: minor units}}.
create table price_changes (
  seller_id    uuid        not null references tenants (id),
  plan_id      bigint      not null references plans (id),
  effective_at timestamptz not null,
  fees         jsonb       not null,
  announced_at timestamptz not null,
  announced_by jsonb       not null,
  primary key (seller_id, plan_id, effective_at)
);

-- What keeps a renewal at the price that was agreed, off today's.
alter table order_lines drop constraint order_lines_kind_check;
alter table order_lines add constraint order_lines_kind_check check (kind in ('period_setup', 'period_recurring', 'period_renewal', 'period_credit', 'period_kept', 'resource_setup', 'resource_recurring', 'resource_renewal'));

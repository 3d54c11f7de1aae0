-- When what runs is renewed, stopped and deleted (docs/adr/0010-terms.md), in days. `manual_renew_days` -1: always, 0: never.
alter table account_classes
  add column auto_renew_days   integer not null default 7 check (auto_renew_days >= 0),
  add column manual_renew_days integer not null default 30 check (manual_renew_days >= -1),
  add column grace_days        integer not null default 7 check (grace_days >= 0),
  add column deletion_days     integer not null default 30 check (deletion_days >= 0);

-- `due_at`: when somebody has to look whether its time has come; null: never by itself. `ends_with_period`: it was cancelled,
-- and runs until the end of what is paid for.
alter table subscriptions
  add column auto_renew       boolean not null default true,
  add column ends_with_period boolean not null default false,
  add column stopped_at       timestamptz,
  add column stop_reason      text check (stop_reason in ('expired', 'cancelled', 'administrative')),
  add column due_at           timestamptz;
create index subscriptions_due on subscriptions (due_at) where due_at is not null;
update subscriptions set due_at = period_starts_at where period_ends_at is not null and status = 'active';

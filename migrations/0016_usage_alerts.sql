-- Usage that was reported, as it was reported; what tenants use is folded from it and can be folded again. Kept by the
-- time of the event. `delta` changes what is used, `value` says it; `key` is a digest of `source` and `event_id`.
create table usage_events (
  seller_id   uuid        not null,
  tenant_id   uuid        not null,
  usage_name  text        not null,
  occurred_at timestamptz not null,
  key         uuid        not null,
  delta       bigint,
  value       bigint      check (value >= 0),
  source      text        not null,
  event_id    text        not null,
  received_at timestamptz not null,
  primary key (seller_id, tenant_id, usage_name, occurred_at, key),
  check ((delta is null) <> (value is null))
) partition by range (occurred_at);
create table usage_events_other partition of usage_events default;

-- What was reported before, wherever its event lies: the same event again changes nothing.
create table usage_event_keys (
  seller_id   uuid        not null,
  key         uuid        not null,
  received_at timestamptz not null,
  primary key (seller_id, key)
);

-- `own` is what was reported for the tenant itself, `total` adds what lies below it (up to the customer). Both may pass
-- below zero while events are on their way; `value` is what is shown. `value_at` is the time of the value that `own`
-- rests on; `has_deltas`: also on deltas. A row without `updated_at` was never reported.
insert into usage_events (seller_id, tenant_id, usage_name, occurred_at, key, value, source, event_id, received_at)
select seller_id, tenant_id, usage_name, updated_at, gen_random_uuid(), value, 'urn:buylink:migration', '0009', updated_at from usages;
alter table usages add column own bigint not null default 0;
alter table usages add column total bigint not null default 0;
alter table usages add column value_at timestamptz;
alter table usages add column has_deltas boolean not null default false;
update usages set own = value, total = value, value_at = updated_at;
alter table usages drop column value;
alter table usages add column value bigint not null generated always as (greatest(total, 0)) stored;
alter table usages alter column updated_at drop not null;

-- `sampled_at` is the latest event of the day that set the sample; those of later days are moved by late deltas.
alter table usage_samples drop constraint usage_samples_value_check;
alter table usage_samples add column sampled_at timestamptz;
update usage_samples set sampled_at = day::timestamp at time zone 'utc';
alter table usage_samples alter column sampled_at set not null;

-- Usages that a provider counts beside the usual ones, for itself and the resellers below it.
create table usage_types (
  tenant_id        uuid        not null references tenants (id),
  usage_name       text        not null check (usage_name ~ '^[a-z][a-z0-9_]{0,63}$'),
  title            text        not null check (title <> ''),
  measurement_unit text        not null check (measurement_unit in ('bytes', 'quantity')),
  version          bigint      not null default 1,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  primary key (tenant_id, usage_name)
);

-- Raised by whatever changes the quota, its grants too: milliseconds of the change, or one more where that is taken.
alter table quotas add column version bigint not null default 1;
update quotas set version = greatest(1, (extract(epoch from updated_at) * 1000)::bigint);

-- A quota that is nearly or wholly used up: today's truth, written with what changes it. At most one open one for a tenant
-- and usage; its correlation id goes on through mails, offers, orders and the quota that ends it.
create table alerts (
  seller_id      uuid        not null,
  id             uuid        not null,
  tenant_id      uuid        not null references tenants (id),
  usage_name     text        not null,
  state          text        not null check (state in ('almost_reached', 'reached', 'exceeded')),
  correlation_id uuid        not null,
  opened_at      timestamptz not null,
  changed_at     timestamptz not null,
  cleared_at     timestamptz,
  primary key (seller_id, id)
);
create unique index alerts_open on alerts (seller_id, tenant_id, usage_name) where cleared_at is null;
create index alerts_of_tenant on alerts (seller_id, tenant_id, usage_name, id);

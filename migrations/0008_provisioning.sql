-- Work asked of a service's connector. `id` is the idempotency key the service sees, whatever is retried.
create table provisioning_tasks (
  seller_id       uuid        not null,
  id              uuid        not null,
  order_id        uuid        not null,
  subscription_id uuid        not null,
  connector       text        not null,
  operation       text        not null check (operation in ('activate')),
  request         jsonb       not null,
  status          text        not null check (status in ('pending', 'done', 'failed')),
  attempts        integer     not null default 0,
  last_error      text,
  correlation_id  uuid        not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (seller_id, id),
  foreign key (seller_id, order_id) references orders (seller_id, id)
);
create index provisioning_tasks_order on provisioning_tasks (seller_id, order_id);

-- A quota is a base set by hand or API (null: unlimited) plus what live subscriptions grant, kept apart.
create table quotas (
  seller_id  uuid        not null,
  tenant_id  uuid        not null references tenants (id),
  usage_name text        not null,
  base       bigint,             -- null: unlimited; may be negative
  overage    bigint      check (overage >= 0),
  updated_at timestamptz not null,
  primary key (seller_id, tenant_id, usage_name)
);

create table quota_grants (
  seller_id       uuid        not null,
  subscription_id uuid        not null,
  usage_name      text        not null,
  tenant_id       uuid        not null references tenants (id),
  units           bigint      not null check (units >= 0),
  granted_at      timestamptz not null,
  primary key (seller_id, subscription_id, usage_name)
);
create index quota_grants_tenant on quota_grants (seller_id, tenant_id, usage_name);

-- What a tenant uses now, and one sample a day of its history. Storage in bytes, the rest in counts.
create table usages (
  seller_id  uuid        not null,
  tenant_id  uuid        not null references tenants (id),
  usage_name text        not null,
  value      bigint      not null check (value >= 0),
  updated_at timestamptz not null,
  primary key (seller_id, tenant_id, usage_name)
);

create table usage_samples (
  seller_id  uuid   not null,
  tenant_id  uuid   not null references tenants (id),
  usage_name text   not null,
  day        date   not null,
  value      bigint not null check (value >= 0),
  primary key (seller_id, tenant_id, usage_name, day)
);

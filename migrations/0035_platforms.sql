-- Other platforms that speak the compatible API, where a seller's customers live too. `secret` is sealed with
-- BUYLINK_SECRET. `root_id` is the platform's own tenant of the API client; ids without "our" in the comment are theirs.
create table platforms (
  seller_id     uuid        not null,
  name          text        not null check (name ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  title         text        not null,
  base_url      text        not null,
  client_id     text        not null,
  secret        bytea       not null,
  enabled       boolean     not null default true,
  root_id       uuid,
  synced_at     timestamptz,
  sync_error    text,
  failing_since timestamptz,
  version       bigint      not null default 1,
  created_at    timestamptz not null,
  updated_at    timestamptz not null,
  primary key (seller_id, name)
);

-- A tenant there and our tenant that stands for it: a customer, or the personal tenant of one of its users (`owner_id`).
create table platform_tenants (
  seller_id   uuid        not null,
  platform    text        not null,
  id          uuid        not null,
  customer_id uuid        not null,
  owner_id    uuid,
  number      bigint,
  name        text        not null,
  version     bigint      not null,
  tenant_id   uuid        not null,
  problem     text,
  gone_at     timestamptz,
  created_at  timestamptz not null,
  primary key (seller_id, platform, id),
  constraint platform_tenants_ours unique (seller_id, platform, tenant_id),
  foreign key (seller_id, platform) references platforms (seller_id, name)
);
create index platform_tenants_tenant on platform_tenants (seller_id, tenant_id);

-- A user there and ours, who signs in here by their own means; none where the address is somebody else's here.
create table platform_users (
  seller_id   uuid        not null,
  platform    text        not null,
  id          uuid        not null,
  customer_id uuid        not null,
  version     bigint      not null,
  user_id     uuid,
  problem     text,
  gone_at     timestamptz,
  primary key (seller_id, platform, id),
  foreign key (seller_id, platform) references platforms (seller_id, name)
);

-- Quota and usage there, as they were read last.
create table platform_quotas (
  seller_id      uuid        not null,
  platform       text        not null,
  tenant         uuid        not null,
  usage_name     text        not null,
  application_id uuid        not null,
  item           text        not null,
  infra_id       uuid,
  value          bigint,
  overage        bigint,
  version        bigint      not null,
  used           bigint      not null,
  read_at        timestamptz not null,
  primary key (seller_id, platform, tenant, usage_name),
  foreign key (seller_id, platform, tenant) references platform_tenants (seller_id, platform, id)
);

-- What a subscription of ours has raised a quota there by. While one is under way, `to_units` is what it will be then,
-- `from_value` and `from_version` what was read before and `to_value` what is asked for: whoever goes on after a crash
-- reads again and knows whether it happened.
create table platform_raises (
  seller_id       uuid        not null,
  subscription_id uuid        not null,
  usage_name      text        not null,
  platform        text        not null,
  tenant          uuid        not null,
  revision        bigint      not null,
  units           bigint      not null default 0,
  to_units        bigint,
  from_value      bigint,
  from_version    bigint,
  to_value        bigint,
  last_error      text,
  updated_at      timestamptz not null,
  primary key (seller_id, subscription_id, usage_name),
  foreign key (seller_id, platform, tenant) references platform_tenants (seller_id, platform, id),
  check ((to_units is null) = (to_value is null))
);
create index platform_raises_platform on platform_raises (seller_id, platform, updated_at);

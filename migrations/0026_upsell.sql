-- When someone was last written about a usage: at most one mail a day for each.
create table quota_mails (
  seller_id  uuid        not null,
  user_id    uuid        not null,
  tenant_id  uuid        not null,
  usage_name text        not null,
  alert_id   uuid        not null,
  sent_at    timestamptz not null,
  primary key (seller_id, user_id, tenant_id, usage_name)
);

-- Origins of consoles that may show a reseller's users their alerts, and to whose pages they may be led back.
create table console_origins (
  tenant_id  uuid        not null references tenants (id),
  origin     text        not null check (origin = lower(origin) and origin ~ '^https?://[^/?#@]+$'),
  created_at timestamptz not null,
  primary key (tenant_id, origin)
);

-- What tenants set for themselves and those below them. `content` is {"value": …}. `lock`: those below may set no other;
-- `exclusive`: for this tenant alone.
create table tenant_settings (
  tenant_id      uuid        not null references tenants (id),
  application_id uuid        not null,
  name           text        not null,
  content        jsonb       not null,
  lock           boolean     not null,
  exclusive      boolean     not null,
  updated_at     timestamptz not null,
  primary key (tenant_id, application_id, name)
);

-- Applications and offering items that were switched at a tenant; without a row the default of its kind and edition applies.
create table application_switches (
  tenant_id      uuid        not null references tenants (id),
  application_id uuid        not null,
  enabled        boolean     not null,
  updated_at     timestamptz not null,
  primary key (tenant_id, application_id)
);
create table offering_switches (
  tenant_id  uuid        not null references tenants (id),
  item_name  text        not null,
  enabled    boolean     not null,
  updated_at timestamptz not null,
  primary key (tenant_id, item_name)
);

-- A customer's edition; without a row the standard one.
create table tenant_editions (
  tenant_id  uuid        primary key references tenants (id),
  edition    text        not null,
  updated_at timestamptz not null
);

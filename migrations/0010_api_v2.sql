-- What the compatible API (spec/upsell.md) says of tenants, users and programs beyond what selling needs.

-- `contact` and `billing_contact` are objects of facts/acronis-upsell.md §4.2 in names of the wire. `update_locked_by`: only
-- people of that tenant may change this one. `production_start_at`: when a trial ends, or ended. `owner_id`: the user whose personal tenant it is.
alter table tenants
  add column customer_type       text        not null default 'default' check (customer_type in ('default', 'enterprise', 'consumer', 'small_office', 'ti_unified')),
  add column customer_id         text,
  add column internal_tag        text        check (char_length(internal_tag) <= 256),
  add column contact             jsonb       not null default '{}',
  add column billing_contact     jsonb,
  add column update_locked_by    uuid,
  add column pricing_mode        text        not null default 'production' check (pricing_mode in ('trial', 'production', 'suspended')),
  add column pricing_currency    text        check (pricing_currency ~ '^[A-Z]{3}$'),
  add column pricing_version     bigint      not null default 0,
  add column production_start_at timestamptz,
  add column owner_id            uuid,
  add column default_idp_id      uuid;
create index tenants_children on tenants (parent_id, name, id) where deleted_at is null;
create index tenants_words on tenants using gin (to_tsvector('simple', translate(name, '.@_-+/:#', '        '))) where deleted_at is null;

-- A program has a role like a person, which says what it may; `scopes` narrows that, null: all of it.
alter table api_clients
  add column role_id     text,
  add column auth_method text not null default 'client_secret_basic' check (auth_method in ('client_secret_basic', 'client_secret_post')),
  add column type        text not null default 'api_client' check (type in ('api_client', 'managed_client')),
  add column created_by  text not null default '',
  alter column scopes drop not null;
update api_clients set role_id = case tenants.kind when 'root' then 'root_admin' when 'customer' then 'company_admin' when 'unit' then 'unit_admin' else 'partner_admin' end
  from tenants where tenants.id = api_clients.tenant_id;
update api_clients set scopes = null where role_id = 'root_admin';
alter table api_clients alter column role_id set not null;
create index api_clients_tenant on api_clients (tenant_id, id);

-- Access tokens that were given back before they ended, by their `jti`.
create table revoked_tokens (
  id         text        primary key,
  expires_at timestamptz not null
);
create index revoked_tokens_expires on revoked_tokens (expires_at);

-- `contact` holds what a user's contact has beyond the columns above.
alter table users
  add column external_id   text,
  add column idp_id        uuid,
  add column disable_after timestamptz,
  add column contact       jsonb not null default '{}';
create index users_words on users using gin (to_tsvector('simple', translate(login || ' ' || first_name || ' ' || last_name, '.@_-+/:#', '        ')));

alter table access_policies
  add column version    bigint      not null default 1,
  add column issuer_id  uuid,
  add column updated_at timestamptz;

-- The tenant tree carries everything: resellers (`partner`), payer accounts (`customer`), folders, units.
-- `path` is the ltree of numbers from the root; `access_path` is that of the nearest ancestor-or-self with
-- ancestral_access = false (else the root's): a tenant is visible to A when path <@ A and access_path @> A.
create table tenants (
  id               uuid        primary key,
  number           bigint      not null unique,
  parent_id        uuid        references tenants (id),
  seller_id        uuid        not null,
  kind             text        not null check (kind in ('root', 'partner', 'folder', 'customer', 'unit')),
  name             text        not null check (name <> ''),
  path             ltree       not null unique,
  access_path      ltree       not null,
  ancestral_access boolean     not null default true,
  enabled          boolean     not null default true,
  language         text        not null default 'en',
  currency         text        check (currency ~ '^[A-Z]{3}$'),
  version          bigint      not null default 1,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  deleted_at       timestamptz,
  check ((kind = 'root') = (parent_id is null)),
  check ((kind in ('root', 'partner')) = (seller_id = id))
);
create index tenants_path on tenants using gist (path);
create index tenants_parent on tenants (parent_id, id);
create index tenants_seller on tenants (seller_id, kind, id);

-- Look of a partner, folder or the root; what applies at a tenant is the nearest enabled ancestor-or-self.
create table brands (
  tenant_id  uuid        primary key references tenants (id),
  enabled    boolean     not null default false,
  settings   jsonb       not null,
  logo       bytea,
  logo_type  text,
  updated_at timestamptz not null
);

-- Programs that call the API. `secret_hash` is SHA-256 of a random secret.
create table api_clients (
  id          text        primary key check (id ~ '^[A-Za-z0-9._-]{3,64}$'),
  tenant_id   uuid        not null references tenants (id),
  name        text        not null,
  secret_hash bytea       not null,
  scopes      text[]      not null,
  enabled     boolean     not null default true,
  created_at  timestamptz not null
);

-- Where a sign-in name or an e-mail address leads. The same e-mail may exist at two sellers; `login` is unique.
create table logins (
  login     text primary key,
  email     text not null,
  seller_id uuid not null references tenants (id),
  user_id   uuid not null,
  unique (seller_id, email)
);
create index logins_email on logins (email);

-- A seller's shop. `external_application_url` replaces everything before the `?` of its buy-links.
create table stores (
  id                       uuid        primary key,
  seller_id                uuid        not null references tenants (id),
  name                     text        not null,
  status                   text        not null check (status in ('active', 'inactive', 'maintenance')),
  external_application_url text,
  terms_url                text,
  privacy_url              text,
  default_language         text        not null default 'en',
  bank_details             text        not null default '',
  version                  bigint      not null default 1,
  created_at               timestamptz not null,
  updated_at               timestamptz not null
);
create index stores_seller on stores (seller_id);

-- Hosts (lower case, no port) that answer as a store; `origin` is scheme, host and port as a customer writes them.
create table domains (
  host       text        primary key check (host = lower(host)),
  store_id   uuid        not null references stores (id),
  seller_id  uuid        not null references tenants (id),
  origin     text        not null,
  canonical  boolean     not null,
  created_at timestamptz not null
);
create unique index domains_canonical on domains (store_id) where canonical;

-- Staff who sell and referral partners. Keys are unique in the installation, case-sensitive, never reassigned.
create table managers (
  id         uuid        primary key,
  seller_id  uuid        not null references tenants (id),
  user_id    uuid,
  name       text        not null,
  email      text        not null default '',
  key        text        unique check (key ~ '^[A-Za-z0-9_.-]{1,64}$'),
  role       text        not null check (role in ('sales', 'marketing', 'owner', 'admin')),
  active     boolean     not null default true,
  is_partner boolean     not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index managers_seller on managers (seller_id);

-- Why an account is credited to a manager, for any past date. Append-only.
create table attributions (
  seller_id   uuid        not null,
  id          uuid        not null,
  account_id  uuid        not null,
  manager_id  uuid        not null references managers (id),
  manager_key text        not null,
  reason      text        not null check (reason in ('registration', 'order', 'relinked')),
  order_id    uuid,
  occurred_at timestamptz not null,
  primary key (seller_id, id)
);
create index attributions_account on attributions (seller_id, account_id, id);

-- Clicks on buy-links per day, store and key; written in batches. `manager_key` is '' without one.
create table link_visits (
  seller_id   uuid   not null,
  day         date   not null,
  store_id    uuid   not null,
  plan_id     bigint not null,
  manager_key text   not null,
  visits      bigint not null check (visits > 0),
  primary key (seller_id, day, store_id, plan_id, manager_key)
);

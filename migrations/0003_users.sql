-- People. `email` is lower case; `password_hash` is a PHC string, null until one is set.
create table users (
  seller_id          uuid        not null references tenants (id),
  id                 uuid        not null,
  number             bigint      not null,
  tenant_id          uuid        not null references tenants (id),
  personal_tenant_id uuid        references tenants (id),
  login              text        not null,
  email              text        not null check (email = lower(email)),
  first_name         text        not null default '',
  last_name          text        not null default '',
  phone              text        not null default '',
  language           text        not null default 'en',
  password_hash      text,
  email_confirmed_at timestamptz,
  enabled            boolean     not null default true,
  business_types     text[]      not null default '{}',
  notifications      text[]      not null default '{}',
  version            bigint      not null default 1,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, login),
  unique (seller_id, email)
);
create index users_tenant on users (seller_id, tenant_id);

-- A role a user holds at a tenant and below it (`role_id` of spec/api.md "Who may do what").
create table access_policies (
  seller_id  uuid        not null,
  id         uuid        not null,
  user_id    uuid        not null,
  tenant_id  uuid        not null references tenants (id),
  role_id    text        not null,
  created_at timestamptz not null,
  primary key (seller_id, id),
  constraint access_policies_held_once unique (seller_id, user_id, tenant_id, role_id),
  foreign key (seller_id, user_id) references users (seller_id, id) on delete cascade
);

-- A link mailed to someone: confirm a registration, reset a password. `token_hash` is SHA-256 of what the link carries.
-- `context` keeps what must survive on another device: where to return to, the manager key of the browser that asked.
create table email_tokens (
  seller_id  uuid        not null,
  token_hash bytea       not null,
  purpose    text        not null check (purpose in ('confirm_registration', 'reset_password')),
  email      text        not null,
  user_id    uuid,
  context    jsonb       not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,
  primary key (seller_id, token_hash)
);

-- How a seller treats its accounts. Amounts are minor units of the seller's currency.
create table account_classes (
  seller_id                uuid    not null references tenants (id),
  id                       uuid    not null,
  name                     text    not null,
  is_default               boolean not null default false,
  payment_model            text    not null default 'prepay' check (payment_model in ('prepay', 'postpay')),
  hold_threshold_minor     bigint  not null default 0,
  subzero_period_days      integer not null default 0,
  cancel_unpaid_after_days integer not null default 7 check (cancel_unpaid_after_days > 0),
  primary key (seller_id, id)
);
create unique index account_classes_default on account_classes (seller_id) where is_default;

-- A payer account: what a tenant of kind `customer` is in commerce.
create table accounts (
  seller_id         uuid        not null,
  tenant_id         uuid        not null references tenants (id),
  account_class_id  uuid        not null,
  registration      text        not null check (registration in ('quick', 'full')),
  status            text        not null default 'active' check (status in ('active', 'credit_hold', 'administrative_hold', 'deleted')),
  customer_type     text        not null default 'business' check (customer_type in ('business', 'person')),
  company_name      text        not null default '',
  vat_id            text        not null default '',
  country           text        check (country ~ '^[A-Z]{2}$'),
  region            text        not null default '',
  city              text        not null default '',
  street            text        not null default '',
  zip               text        not null default '',
  phone             text        not null default '',
  currency          text        not null check (currency ~ '^[A-Z]{3}$'),
  manager_id        uuid,
  self_registered   boolean     not null default false,
  version           bigint      not null default 1,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  primary key (seller_id, tenant_id),
  foreign key (seller_id, account_class_id) references account_classes (seller_id, id)
);
create index accounts_manager on accounts (seller_id, manager_id);

-- Terms and privacy policies accepted, by whom and when. Append-only.
create table acceptances (
  seller_id   uuid        not null,
  id          uuid        not null,
  account_id  uuid        not null,
  user_id     uuid        not null,
  document    text        not null check (document in ('terms', 'privacy')),
  url         text        not null,
  accepted_at timestamptz not null,
  primary key (seller_id, id)
);
create index acceptances_account on acceptances (seller_id, account_id, id);

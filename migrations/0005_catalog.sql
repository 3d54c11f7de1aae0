-- What is sold. Numeric ids are those of buy-links. Every change raises `price_lists.version` of each seller it reaches,
-- in the same transaction: an order states the version it was priced from.
create table price_lists (
  seller_id  uuid        primary key references tenants (id),
  version    bigint      not null default 1,
  currency   text        not null check (currency ~ '^[A-Z]{3}$'),
  updated_at timestamptz not null
);

create table categories (
  id        bigint primary key,
  seller_id uuid   not null references tenants (id),
  name      text   not null,
  slug      text   not null unique
);

create table products (
  id             bigint  primary key,
  seller_id      uuid    not null references tenants (id),
  category_id    bigint  references categories (id),
  name           text    not null,
  marketing_name text    not null,
  summary        text    not null default '',
  description    text    not null default '',
  slug           text    not null unique,
  published      boolean not null default false,
  position       integer not null default 0
);
create index products_seller on products (seller_id);

create table plans (
  id                   bigint  primary key,
  product_id           bigint  not null references products (id),
  seller_id            uuid    not null references tenants (id),
  name                 text    not null,
  summary              text    not null default '',
  status               text    not null check (status in ('active', 'inactive', 'retired')),
  public               boolean not null default true,
  billing_type         text    not null check (billing_type in ('pay_in_full', 'pay_as_you_go_internal', 'pay_as_you_go_external')),
  payment_models       text[]  not null default '{prepay}',
  minimum_topup_minor  bigint  check (minimum_topup_minor > 0),
  second_subscription  text    not null default 'ask' check (second_subscription in ('allow', 'ask', 'refuse')),
  order_attributes     jsonb   not null default '[]',
  connector            text    not null default 'builtin',
  default_period_id    bigint,
  successor_id         bigint,
  switchable_plan_ids  bigint[] not null default '{}',
  addon_to_plan_ids    bigint[] not null default '{}',
  position             integer not null default 0
);
create index plans_seller on plans (seller_id);

-- `duration_unit` null: endless. Fees are minor units of the owner's currency; `recurring_fee_minor` is per month.
create table plan_periods (
  id                  bigint  primary key,
  plan_id             bigint  not null references plans (id),
  duration_value      integer check (duration_value > 0),
  duration_unit       text    check (duration_unit in ('days', 'months', 'years')),
  trial               boolean not null default false,
  public              boolean not null default true,
  setup_fee_minor     bigint  not null default 0 check (setup_fee_minor >= 0),
  recurring_fee_minor bigint  not null default 0 check (recurring_fee_minor >= 0),
  renewal_fee_minor   bigint  not null default 0 check (renewal_fee_minor >= 0),
  check ((duration_value is null) = (duration_unit is null)),
  check (not trial or duration_unit is not null)
);
create index plan_periods_plan on plan_periods (plan_id);

-- `unit_price` is money in major units per `unit` and hour, exact (pay as you go). `limit_quantity` null: unlimited.
-- One ordered unit raises the quota of `usage_name` by `quota_per_unit` (bytes for storage).
create table plan_resources (
  id                  bigint  primary key,
  plan_id             bigint  not null references plans (id),
  name                text    not null,
  unit                text    not null,
  kind                text    not null default 'unit' check (kind in ('unit', 'boolean')),
  included            bigint  not null default 0 check (included >= 0),
  minimum             bigint  not null default 0 check (minimum >= included),
  limit_quantity      bigint  check (limit_quantity >= minimum),
  public              boolean not null default true,
  setup_fee_minor     bigint  not null default 0 check (setup_fee_minor >= 0),
  recurring_fee_minor bigint  not null default 0 check (recurring_fee_minor >= 0),
  renewal_fee_minor   bigint  not null default 0 check (renewal_fee_minor >= 0),
  overuse_fee_minor   bigint  not null default 0 check (overuse_fee_minor >= 0),
  unit_price          numeric(30, 12) check (unit_price >= 0),
  usage_name          text,
  quota_per_unit      bigint  check (quota_per_unit > 0),
  position            integer not null default 0,
  check ((usage_name is null) = (quota_per_unit is null))
);
create index plan_resources_plan on plan_resources (plan_id);

-- A plan sold by a reseller below its owner: the price above it plus `markup_basis_points`, or fixed prices.
create table plan_delegations (
  seller_id           uuid    not null references tenants (id),
  plan_id             bigint  not null references plans (id),
  delegated_by        uuid    not null references tenants (id),
  active              boolean not null default true,
  markup_basis_points integer not null default 0 check (markup_basis_points >= 0),
  fixed_prices        jsonb,
  exchange_rate       numeric(18, 4) not null default 1 check (exchange_rate > 0),
  primary key (seller_id, plan_id)
);
create index plan_delegations_plan on plan_delegations (plan_id);

-- Tax in basis points by the customer's country ('*': any other) and type.
create table tax_rates (
  seller_id         uuid    not null references tenants (id),
  country           text    not null check (country ~ '^([A-Z]{2}|\*)$'),
  customer_type     text    not null check (customer_type in ('business', 'person', '*')),
  name              text    not null,
  rate_basis_points integer not null check (rate_basis_points between 0 and 10000),
  primary key (seller_id, country, customer_type)
);

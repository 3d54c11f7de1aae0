-- A draft order with the prices it was shown with; kept 30 days. Placed once: `order_id` is set by the statement that
-- writes the order, and its row lock decides every race.
create table checkouts (
  seller_id          uuid        not null,
  id                 uuid        not null,
  status             text        not null check (status in ('open', 'placed', 'expired')),
  account_id         uuid        not null,
  store_id           uuid        not null references stores (id),
  created_by         text        not null,
  query              text        not null,
  selection          jsonb       not null,
  manager_key        text,
  idempotency_key    text,
  order_id           uuid,
  correlation_id     uuid        not null,
  version            bigint      not null default 1,
  created_at         timestamptz not null,
  expires_at         timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, created_by, idempotency_key),
  foreign key (seller_id, account_id) references accounts (seller_id, tenant_id)
);
create index checkouts_account on checkouts (seller_id, account_id, id);
-- Staff above a seller look one up by its id alone.
create index checkouts_id on checkouts (id);

create table subscriptions (
  seller_id       uuid        not null,
  id              uuid        not null,
  number          bigint      not null,
  account_id      uuid        not null,
  tenant_id       uuid        not null references tenants (id),
  plan_id         bigint      not null references plans (id),
  plan_period_id  bigint      not null references plan_periods (id),
  name            text        not null,
  status          text        not null check (status in ('ordered', 'installing', 'activating', 'active', 'graced', 'updating', 'renewing', 'stopping', 'stopped', 'deleting', 'deleted', 'installation_failed', 'activation_failed', 'updating_failed', 'renewing_failed', 'stopping_failed', 'deletion_failed', 'cancelled')),
  previous_status text,
  payment_model   text        not null check (payment_model in ('prepay', 'postpay')),
  billing_type    text        not null,
  trial           boolean     not null,
  exclusive       boolean     not null default false,
  connector       text        not null,
  currency        text        not null,
  recurring_minor bigint      not null,
  activated_at    timestamptz,
  expires_at      timestamptz,
  version         bigint      not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, number),
  foreign key (seller_id, account_id) references accounts (seller_id, tenant_id)
);
create index subscriptions_account on subscriptions (seller_id, account_id, id);
-- Staff above a seller look one up by its id alone.
create index subscriptions_id on subscriptions (id);
create index subscriptions_plan on subscriptions (seller_id, account_id, plan_id);
-- Where a plan refuses a second subscription, the key is what refuses it.
create unique index subscriptions_exclusive on subscriptions (seller_id, account_id, plan_id) where exclusive and status not in ('cancelled', 'deleted');

create table subscription_resources (
  seller_id       uuid   not null,
  subscription_id uuid   not null,
  resource_id     bigint not null references plan_resources (id),
  name            text   not null,
  unit            text   not null,
  quantity        bigint not null check (quantity >= 0),
  included        bigint not null,
  usage_name      text,
  quota_per_unit  bigint,
  primary key (seller_id, subscription_id, resource_id),
  constraint subscription_resources_of foreign key (seller_id, subscription_id) references subscriptions (seller_id, id)
);

-- One trial per account and product: the key is the rule.
create table trials_used (
  seller_id       uuid   not null,
  account_id      uuid   not null,
  product_id      bigint not null,
  subscription_id uuid   not null,
  primary key (seller_id, account_id, product_id)
);

create table orders (
  seller_id       uuid        not null,
  id              uuid        not null,
  number          text        not null,
  type            text        not null check (type in ('sales', 'renewal', 'change', 'switch', 'prolong')),
  status          text        not null check (status in ('waiting_for_payment', 'provisioning', 'provisioning_failed', 'completed', 'cancelled')),
  account_id      uuid        not null,
  subscription_id uuid        not null,
  checkout_id     uuid        not null,
  store_id        uuid        not null references stores (id),
  manager_id      uuid        references managers (id),
  order_type      text,
  currency        text        not null,
  net_minor       bigint      not null,
  tax_minor       bigint      not null,
  total_minor     bigint      not null check (total_minor >= 0),
  price_version   bigint      not null,
  snapshot        jsonb       not null,
  placed_by       jsonb       not null,
  correlation_id  uuid        not null,
  cancel_reason   text,
  version         bigint      not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  expires_at      timestamptz,
  closed_at       timestamptz,
  check (total_minor = net_minor + tax_minor),
  primary key (seller_id, id),
  unique (seller_id, number),
  unique (seller_id, checkout_id),
  foreign key (seller_id, checkout_id) references checkouts (seller_id, id),
  foreign key (seller_id, subscription_id) references subscriptions (seller_id, id)
);
create index orders_account on orders (seller_id, account_id, id);
-- Staff above a seller look one up by its id alone.
create index orders_id on orders (id);
create index orders_open on orders (seller_id, expires_at) where status = 'waiting_for_payment';
-- One unfinished order per subscription (spec/commerce.md "Orders").
create unique index orders_one_unfinished on orders (seller_id, subscription_id) where status in ('waiting_for_payment', 'provisioning', 'provisioning_failed');

create table order_lines (
  seller_id    uuid    not null,
  order_id     uuid    not null,
  position     integer not null,
  kind         text    not null check (kind in ('period_setup', 'period_recurring', 'resource_setup', 'resource_recurring')),
  item_id      bigint  not null,
  description  text    not null,
  quantity     bigint  not null,
  months       numeric(12, 6) not null,
  unit_minor   bigint  not null,
  net_minor    bigint  not null,
  tax_minor    bigint  not null,
  primary key (seller_id, order_id, position),
  foreign key (seller_id, order_id) references orders (seller_id, id)
);

create table payments (
  seller_id       uuid        not null,
  id              uuid        not null,
  number          text        not null,
  purpose         text        not null check (purpose in ('order', 'top_up')),
  method          text        not null check (method in ('bank_transfer', 'balance', 'card')),
  status          text        not null check (status in ('waiting_for_payment', 'processing', 'completed', 'paid_from_balance', 'cancelled', 'expired')),
  account_id      uuid        not null,
  order_id        uuid,
  order_number    text,
  subscription_id uuid,
  description     text        not null,  -- what it is for, as the customer reads it
  currency        text        not null,
  total_minor     bigint      not null check (total_minor > 0),
  received_minor  bigint      not null default 0 check (received_minor >= 0),
  correlation_id  uuid        not null,
  version         bigint      not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  expires_at      timestamptz,
  closed_at       timestamptz,
  primary key (seller_id, id),
  unique (seller_id, number),
  foreign key (seller_id, order_id) references orders (seller_id, id)
);
create index payments_account on payments (seller_id, account_id, id);
-- Staff above a seller look one up by its id alone.
create index payments_id on payments (id);
create index payments_order on payments (seller_id, order_id);

-- Money that arrived for a payment, in one or several parts. Append-only.
create table payment_receipts (
  seller_id    uuid        not null,
  id           uuid        not null,
  payment_id   uuid        not null,
  amount_minor bigint      not null check (amount_minor > 0),
  reference    text        not null,
  approved_by  jsonb       not null,
  received_at  timestamptz not null,
  primary key (seller_id, id),
  constraint payment_receipts_reference unique (seller_id, payment_id, reference),
  foreign key (seller_id, payment_id) references payments (seller_id, id)
);

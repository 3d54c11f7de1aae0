-- How far the usage of a pay-as-you-go subscription is rated. The row's lock queues those who rate. `corrections` numbers
-- what late usage changed; `seen_at` is when usage was looked for last, so later arrivals for hours before are found.
create table ratings (
  seller_id       uuid        not null,
  subscription_id uuid        not null,
  rated_until     timestamptz not null,
  period          date        not null,
  seen_at         timestamptz not null,
  corrections     integer     not null default 0,
  primary key (seller_id, subscription_id),
  foreign key (seller_id, subscription_id) references subscriptions (seller_id, id)
);

-- What was in use at the end of an hour (`hour` is its beginning), and at what price: major units per `per_unit` of usage
-- and hour. `corrects` 0: the hour itself; else the difference that late usage made to an hour whose period is closed.
create table consumption_records (
  seller_id       uuid            not null,
  subscription_id uuid            not null,
  resource_id     bigint          not null references plan_resources (id),
  hour            timestamptz     not null,
  corrects        integer         not null default 0,
  period          date            not null,
  quantity        bigint          not null,
  per_unit        bigint          not null check (per_unit > 0),
  unit_price      numeric(30, 12) not null check (unit_price >= 0),
  primary key (seller_id, subscription_id, resource_id, hour, corrects),
  constraint consumption_records_of foreign key (seller_id, subscription_id) references subscriptions (seller_id, id)
);

-- What was consumed of one resource in one billing period (a UTC month). `exact` is in 10^-12 major units times units of
-- usage, so that nothing is lost to rounding: the amount is rounded once, from the whole. `blocked` holds funds, `closed`
-- is income.
create table charges (
  seller_id       uuid           not null,
  subscription_id uuid           not null,
  resource_id     bigint         not null references plan_resources (id),
  period          date           not null,
  account_id      uuid           not null,
  status          text           not null check (status in ('blocked', 'closed')),
  exact           numeric(60, 0) not null,
  per_unit        bigint         not null,
  currency        text           not null,
  net_minor       bigint         not null,
  tax_minor       bigint         not null,
  tax_basis_points integer       not null,
  created_at      timestamptz    not null,
  updated_at      timestamptz    not null,
  closed_at       timestamptz,
  primary key (seller_id, subscription_id, resource_id, period),
  foreign key (seller_id, subscription_id) references subscriptions (seller_id, id)
);
create index charges_account on charges (seller_id, account_id, period);
-- Usage that arrived after a moment, for hours before another: what makes an hour be rated again.
create index usage_events_received on usage_events (seller_id, received_at);

-- What was offered when a quota ran out, to whom and from where, and what came of it. `answer` is what was shown; the
-- order is placed for one of its offers, `chosen`. `correlation_id` is the alert's: usage, alert, offer, order, quota.
create table offers (
  seller_id      uuid        not null,
  id             uuid        not null,
  account_id     uuid        not null,
  user_id        uuid,
  place          text        not null,
  usage_names    text[]      not null,
  horizon_days   integer     not null check (horizon_days in (0, 30, 90, 365)),
  kind           text        not null check (kind in ('solved', 'reassign', 'contact', 'offers')),
  answer         jsonb       not null,
  status         text        not null default 'open' check (status in ('open', 'placing', 'placed')),
  chosen         integer     check (chosen >= 0),
  chosen_by      jsonb,
  return_url     text,
  correlation_id uuid        not null,
  created_at     timestamptz not null,
  placed_at      timestamptz,
  raised_at      timestamptz,
  asked_at       timestamptz,
  primary key (seller_id, id),
  check ((status = 'open') = (chosen is null)),
  foreign key (seller_id, account_id) references accounts (seller_id, tenant_id)
);
create index offers_account on offers (seller_id, account_id, created_at);
-- Staff above a seller look one up by its id alone.
create index offers_id on offers (id);
create index offers_created on offers (seller_id, created_at);
create index offers_correlation on offers (seller_id, correlation_id);

-- The orders that an offer became, in the order of its steps.
create table offer_orders (
  seller_id uuid    not null,
  offer_id  uuid    not null,
  position  integer not null check (position >= 0),
  order_id  uuid    not null,
  primary key (seller_id, offer_id, position),
  constraint offer_orders_once unique (seller_id, order_id),
  foreign key (seller_id, offer_id) references offers (seller_id, id),
  foreign key (seller_id, order_id) references orders (seller_id, id)
);

-- What a seller takes off its prices: by itself, or for who names one of its codes. Of all that apply to an order the
-- highest is taken, never two. `fees` says what of a price is reduced; empty lists of ids mean all that the seller sells.
create table discounts (
  seller_id            uuid        not null references tenants (id),
  id                   uuid        not null,
  name                 text        not null check (name <> ''),
  needs_code           boolean     not null,
  percent_basis_points integer     check (percent_basis_points between 1 and 10000),
  amount_minor         bigint      check (amount_minor > 0), -- off each period
  fees                 text[]      not null check (fees <> '{}' and fees <@ array['setup', 'recurring', 'renewal']),
  periods              integer     check (periods between 1 and 1200), -- null: every renewal too
  product_ids          bigint[]    not null default '{}',
  plan_ids             bigint[]    not null default '{}',
  plan_period_ids      bigint[]    not null default '{}',
  starts_at            timestamptz,
  ends_at              timestamptz check (ends_at > starts_at),
  active               boolean     not null default true,
  version              bigint      not null default 1,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  primary key (seller_id, id),
  check (num_nonnulls(percent_basis_points, amount_minor) = 1)
);

-- `uses` is kept under the row's lock and never passes its limit; `promo_uses` has each of them.
create table promo_codes (
  seller_id            uuid        not null,
  code                 text        not null check (code ~ '^[A-Z0-9][A-Z0-9_-]{2,39}$'),
  discount_id          uuid        not null,
  max_uses             bigint      check (max_uses > 0),
  max_uses_per_account integer     check (max_uses_per_account > 0),
  uses                 bigint      not null default 0 check (uses >= 0),
  active               boolean     not null default true,
  created_at           timestamptz not null,
  primary key (seller_id, code),
  foreign key (seller_id, discount_id) references discounts (seller_id, id),
  check (uses <= max_uses)
);
create index promo_codes_of_discount on promo_codes (seller_id, discount_id);

-- An order that was placed with a code. Cancelled, it gives its use back.
create table promo_uses (
  seller_id   uuid        not null,
  order_id    uuid        not null,
  code        text        not null,
  account_id  uuid        not null references tenants (id),
  created_at  timestamptz not null,
  returned_at timestamptz,
  primary key (seller_id, order_id),
  foreign key (seller_id, order_id) references orders (seller_id, id),
  foreign key (seller_id, code) references promo_codes (seller_id, code)
);
create index promo_uses_of_account on promo_uses (seller_id, code, account_id) where returned_at is null;

-- What was granted with the last agreement and is to be taken off the next periods too.
alter table subscriptions add column discount jsonb;

alter table order_lines drop constraint order_lines_kind_check;
alter table order_lines add constraint order_lines_kind_check check (kind in ('period_setup', 'period_recurring', 'period_renewal', 'period_credit', 'period_kept', 'resource_setup', 'resource_recurring', 'resource_renewal', 'discount'));

create index orders_of_discount on orders (seller_id, (snapshot -> 'discount' ->> 'id'), id) where snapshot ? 'discount';

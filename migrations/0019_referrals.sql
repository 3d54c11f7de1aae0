-- What a reseller gives for customers who are brought: a share of what they pay, tax left out.
create table referral_programs (
  id           uuid        primary key,
  seller_id    uuid        not null references tenants (id),
  name         text        not null,
  basis_points integer     not null check (basis_points between 0 and 10000),
  applies_to   text        not null check (applies_to in ('first', 'all')),
  valid_from   timestamptz not null,
  valid_until  timestamptz,
  version      bigint      not null default 1,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  check (valid_until > valid_from)
);
create index referral_programs_seller on referral_programs (seller_id);

-- The programme a manager takes part in, and their own terms where they differ (null: the programme's).
-- `report_token_hash`: SHA-256 of what the private link to their report carries; null: there is none.
create table referral_partners (
  manager_id        uuid        primary key references managers (id),
  seller_id         uuid        not null references tenants (id),
  program_id        uuid        not null references referral_programs (id),
  basis_points      integer     check (basis_points between 0 and 10000),
  applies_to        text        check (applies_to in ('first', 'all')),
  report_token_hash bytea       unique,
  report_linked_at  timestamptz,
  version           bigint      not null default 1,
  joined_at         timestamptz not null,
  updated_at        timestamptz not null
);
create index referral_partners_program on referral_partners (program_id);

-- An order that a partner brought, judged once, when it is first paid; later terms do not touch it.
create table referral_orders (
  seller_id    uuid        not null,
  order_id     uuid        not null,
  account_id   uuid        not null,
  manager_id   uuid        not null references managers (id),
  program_id   uuid        not null references referral_programs (id),
  outcome      text        not null check (outcome in ('counts', 'not_first', 'self_referral', 'inactive', 'not_valid')),
  basis_points integer     not null check (basis_points between 0 and 10000),
  is_first     boolean     not null,
  judged_at    timestamptz not null,
  primary key (seller_id, order_id),
  foreign key (seller_id, order_id) references orders (seller_id, id)
);
-- The first paid order of an account is one: the key is the rule.
create unique index referral_orders_first on referral_orders (seller_id, account_id) where is_first;

-- Rewards, one line for each posting that moved revenue of such an order: earned when it is booked, taken back when it is
-- returned. Append-only.
create table referral_rewards (
  seller_id    uuid        not null,
  posting_id   uuid        not null,
  order_id     uuid        not null,
  manager_id   uuid        not null references managers (id),
  currency     text        not null,
  net_minor    bigint      not null,
  reward_minor bigint      not null,
  occurred_at  timestamptz not null,
  primary key (seller_id, posting_id),
  foreign key (seller_id, order_id) references referral_orders (seller_id, order_id),
  foreign key (seller_id, posting_id) references ledger_postings (seller_id, id)
);
create index referral_rewards_manager on referral_rewards (manager_id, occurred_at);

create index attributions_manager on attributions (manager_id, occurred_at);
create index orders_manager on orders (manager_id, created_at);
create index ledger_postings_order on ledger_postings (seller_id, order_id);

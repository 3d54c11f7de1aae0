-- Who a payer account is at the gateway. Its row's lock queues those who change which card is charged.
create table card_holders (
  seller_id  uuid        not null,
  account_id uuid        not null,
  gateway_id text        not null,
  created_at timestamptz not null,
  primary key (seller_id, account_id),
  foreign key (seller_id, account_id) references accounts (seller_id, tenant_id)
);

-- A card that a customer agreed to have kept, at the gateway: no number is ever here. `agreed_by` is who agreed. The
-- default one is charged for renewals and due invoices.
create table saved_cards (
  seller_id   uuid        not null,
  id          uuid        not null,
  account_id  uuid        not null,
  gateway_id  text        not null,
  brand       text        not null,
  last4       text        not null check (last4 ~ '^[0-9]{4}$'),
  exp_month   integer     not null check (exp_month between 1 and 12),
  exp_year    integer     not null,
  fingerprint text,
  is_default  boolean     not null,
  agreed_by   jsonb       not null,
  created_at  timestamptz not null,
  removed_at  timestamptz,
  check (removed_at is null or not is_default),
  primary key (seller_id, id),
  unique (seller_id, gateway_id),
  foreign key (seller_id, account_id) references card_holders (seller_id, account_id)
);
create unique index saved_cards_default on saved_cards (seller_id, account_id) where is_default;
create index saved_cards_account on saved_cards (seller_id, account_id, id) where removed_at is null;

-- A page of the gateway on which a card is kept and nothing is paid. `id` is the gateway's idempotency key.
create table card_setups (
  seller_id  uuid        not null,
  id         uuid        not null,
  account_id uuid        not null,
  gateway_id text,
  url        text,
  status     text        not null check (status in ('open', 'saved', 'expired')),
  return_url text        not null,
  agreed_by  jsonb       not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (seller_id, id),
  foreign key (seller_id, account_id) references card_holders (seller_id, account_id)
);
create index card_setups_account on card_setups (seller_id, account_id, id);
create index card_setups_gateway on card_setups (gateway_id);
create index card_setups_open on card_setups (seller_id, updated_at) where status = 'open';

-- Who agreed that the card of a payment is kept; null: it is not.
alter table card_sessions add column agreed_by jsonb;

-- A payment charged to a saved card without its holder. `id` is the gateway's idempotency key; `cause` names why, so that
-- one cause charges once. Of a payment one charge at a time is not settled.
create table card_charges (
  seller_id    uuid        not null,
  id           uuid        not null,
  payment_id   uuid        not null,
  card_id      uuid        not null,
  cause        text        not null,
  status       text        not null check (status in ('asked', 'pending', 'paid', 'needs_payer', 'declined', 'cancelled')),
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null,
  gateway_id   text,
  message      text        not null default '',
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, payment_id, cause),
  foreign key (seller_id, payment_id) references payments (seller_id, id),
  foreign key (seller_id, card_id) references saved_cards (seller_id, id)
);
create unique index card_charges_unsettled on card_charges (seller_id, payment_id) where status in ('asked', 'pending');
create index card_charges_gateway on card_charges (gateway_id);
create index card_charges_open on card_charges (seller_id, updated_at) where status in ('asked', 'pending');

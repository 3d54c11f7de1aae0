-- Double entry, append-only. Every posting's entries sum to zero per currency; `balance_minor` is kept in step in the
-- same transaction by guarded updates and can be rebuilt from the entries (`buylink ledger verify`).
-- Sign: debit positive, credit negative. `account_id` null: an account of the seller itself.
create table ledger_accounts (
  seller_id     uuid   not null references tenants (id),
  id            uuid   not null,
  kind          text   not null check (kind in ('customer_balance', 'blocked_funds', 'unapplied_cash', 'revenue', 'tax', 'bank_clearing', 'gateway_clearing', 'refunds')),
  account_id    uuid,
  currency      text   not null check (currency ~ '^[A-Z]{3}$'),
  balance_minor bigint not null default 0,
  primary key (seller_id, id)
);
create unique index ledger_accounts_key on ledger_accounts (seller_id, kind, account_id, currency) nulls not distinct;

create table ledger_postings (
  seller_id      uuid        not null,
  id             uuid        not null,
  kind           text        not null,
  natural_key    text        not null,
  account_id     uuid,
  order_id       uuid,
  payment_id     uuid,
  correlation_id uuid        not null,
  occurred_at    timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, natural_key)
);
create index ledger_postings_account on ledger_postings (seller_id, account_id, id);

create table ledger_entries (
  seller_id         uuid    not null,
  posting_id        uuid    not null,
  position          integer not null,
  ledger_account_id uuid    not null,
  amount_minor      bigint  not null check (amount_minor <> 0),
  currency          text    not null,
  primary key (seller_id, posting_id, position),
  foreign key (seller_id, posting_id) references ledger_postings (seller_id, id),
  foreign key (seller_id, ledger_account_id) references ledger_accounts (seller_id, id)
);
create index ledger_entries_account on ledger_entries (seller_id, ledger_account_id);

-- What a seller's documents say of itself, how they are numbered, and when they are due. The row's lock queues issuing:
-- numbers have no gaps.
create table invoice_settings (
  seller_id          uuid        not null references tenants (id),
  name               text        not null default '',  -- '': the tenant's
  address            text        not null default '',
  country            text        check (country ~ '^[A-Z]{2}$'),
  vat_id             text        not null default '',
  registration       text        not null default '',
  email              text        not null default '',
  footer             text        not null default '',
  invoice_series     text        not null default 'IN' check (invoice_series ~ '^[A-Za-z0-9./{}-]{1,20}$'),
  credit_note_series text        not null default 'CN' check (credit_note_series ~ '^[A-Za-z0-9./{}-]{1,20}$'),
  payment_days       integer     not null default 14 check (payment_days between 0 and 365),
  version            bigint      not null default 1,
  updated_at         timestamptz not null,
  primary key (seller_id)
);

-- A document states what one posting moved as income: `posting_id` is what makes it once. Amounts are positive in both
-- kinds; `kind` says which way. Written once: only what was paid of it changes.
create table invoices (
  seller_id       uuid        not null,
  id              uuid        not null,
  kind            text        not null check (kind in ('invoice', 'credit_note')),
  series          text        not null,
  sequence        bigint      not null check (sequence > 0),
  number          text        not null,
  posting_id      uuid        not null,
  source          text        not null check (source in ('order', 'usage', 'return', 'refund', 'surplus')),
  account_id      uuid        not null,
  order_id        uuid,
  order_number    text,
  payment_id      uuid,
  subscription_id uuid,
  corrects_id     uuid,
  corrects_number text,
  title           text        not null,  -- what it is for, as the customer reads it
  period_starts   date,
  period_ends     date,                  -- the day after the last one
  seller          jsonb       not null,  -- as they were on the day of issue
  buyer           jsonb       not null,
  tax_name        text        not null,
  tax_note        text        not null,
  currency        text        not null check (currency ~ '^[A-Z]{3}$'),
  net_minor       bigint      not null,
  tax_minor       bigint      not null,
  total_minor     bigint      not null check (total_minor >= 0),
  correlation_id  uuid        not null,
  issued_at       timestamptz not null,
  due_at          timestamptz not null,
  paid_minor      bigint      not null default 0 check (paid_minor >= 0),
  paid_at         timestamptz,
  check (total_minor = net_minor + tax_minor),
  check (paid_minor <= total_minor),
  check ((paid_at is not null) = (paid_minor = total_minor)),
  primary key (seller_id, id),
  unique (seller_id, posting_id),
  unique (seller_id, series, sequence),
  unique (seller_id, number),
  foreign key (seller_id, posting_id) references ledger_postings (seller_id, id),
  foreign key (seller_id, account_id) references accounts (seller_id, tenant_id)
);
create index invoices_account on invoices (seller_id, account_id, id);
create index invoices_order on invoices (seller_id, order_id);
create index invoices_subscription on invoices (seller_id, subscription_id, id);
create index invoices_unpaid on invoices (seller_id, account_id, id) where paid_at is null;
-- Staff above a seller look one up by its id alone.
create index invoices_id on invoices (id);

-- `quantity` of usage is in units × hours. `unit_price` in major units, null where there were several.
create table invoice_lines (
  seller_id        uuid    not null,
  invoice_id       uuid    not null,
  position         integer not null,
  kind             text    not null,
  description      text    not null,
  quantity         numeric(30, 3) not null,
  months           numeric(12, 6),
  unit_price       numeric(30, 12),
  tax_basis_points integer not null,
  net_minor        bigint  not null,
  tax_minor        bigint  not null,
  primary key (seller_id, invoice_id, position),
  foreign key (seller_id, invoice_id) references invoices (seller_id, id)
);
-- What an event tells of is found by what caused it.
create index ledger_postings_correlation on ledger_postings (seller_id, correlation_id);

-- How a seller asks for what is due: days after the due date, and what is done then. A row where it was changed.
create table dunning_settings (
  seller_id  uuid        not null references tenants (id),
  steps      jsonb       not null,
  version    bigint      not null default 1,
  updated_at timestamptz not null,
  primary key (seller_id)
);

-- One payment of a renewal, or one owed invoice, that is asked for by a schedule: the one that held when it was issued.
-- `payment_id` is what is paid; of an invoice it is made with the first step. The row's lock queues those who take it on.
create table dunnings (
  seller_id    uuid        not null,
  id           uuid        not null,
  subject_kind text        not null check (subject_kind in ('payment', 'invoice')),
  subject_id   uuid        not null,
  account_id   uuid        not null,
  payment_id   uuid,
  due_at       timestamptz not null,
  steps        jsonb       not null,
  position     integer     not null default 0,
  status       text        not null check (status in ('running', 'paid', 'cancelled', 'exhausted')),
  next_at      timestamptz,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  check ((next_at is not null) = (status = 'running')),
  primary key (seller_id, id),
  unique (seller_id, subject_kind, subject_id),
  foreign key (seller_id, account_id) references accounts (seller_id, tenant_id),
  foreign key (seller_id, payment_id) references payments (seller_id, id)
);
create index dunnings_due on dunnings (next_at) where next_at is not null;
create index dunnings_payment on dunnings (seller_id, payment_id);
create index dunnings_account on dunnings (seller_id, account_id, id);

-- What was done of a schedule: its key makes each step once. `started`: a card is being charged.
create table dunning_steps (
  seller_id   uuid        not null,
  dunning_id  uuid        not null,
  position    integer     not null,
  day         integer     not null,
  action      text        not null check (action in ('charge', 'remind')),
  outcome     text        not null check (outcome in ('started', 'paid', 'paid_from_balance', 'needs_payer', 'declined', 'cancelled', 'reminded', 'skipped')),
  charge_id   uuid,
  at          timestamptz not null,
  primary key (seller_id, dunning_id, position),
  foreign key (seller_id, dunning_id) references dunnings (seller_id, id)
);

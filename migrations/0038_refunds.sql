-- What went back of a payment's money, to wherever: never more than it asked for.
alter table payments add column refunded_minor bigint not null default 0
  constraint payments_refunded check (refunded_minor between 0 and total_minor);

-- Money given back of one payment. `waiting`: for a service that takes the order back first; `sending`: to the card.
-- `id` is the gateway's idempotency key. What the gateway refused is the customer's balance: `to_balance`.
create table refunds (
  seller_id         uuid        not null,
  id                uuid        not null,
  number            text        not null,
  payment_id        uuid        not null,
  order_id          uuid,
  account_id        uuid        not null,
  method            text        not null check (method in ('balance', 'card', 'bank_transfer')),
  status            text        not null check (status in ('waiting', 'sending', 'completed', 'to_balance', 'cancelled')),
  effect            text        not null check (effect in ('none', 'take_back', 'stop')),
  amount_minor      bigint      not null check (amount_minor > 0),
  currency          text        not null,
  reason            text        not null,
  card_session_id   uuid,
  gateway_id        text,
  reversal_order_id uuid,
  message           text        not null default '',
  requested_by      jsonb       not null,
  correlation_id    uuid        not null,
  version           bigint      not null default 1,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  closed_at         timestamptz,
  primary key (seller_id, id),
  unique (seller_id, number),
  foreign key (seller_id, payment_id) references payments (seller_id, id)
);
create index refunds_payment on refunds (seller_id, payment_id, id);
create index refunds_reversal on refunds (seller_id, reversal_order_id) where reversal_order_id is not null;
create index refunds_sending on refunds (seller_id, updated_at) where status = 'sending';

-- A card payment at the gateway: one page on which a customer pays what was outstanding when it was opened. `id` is the
-- gateway's idempotency key, so a page that was asked for twice is one page; `gateway_id` and `url` are null until it answered.
create table card_sessions (
  seller_id    uuid        not null,
  id           uuid        not null,
  payment_id   uuid        not null,
  gateway_id   text,
  url          text,
  status       text        not null check (status in ('open', 'paid', 'expired')),
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null,
  return_url   text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  updated_at   timestamptz not null,
  primary key (seller_id, id),
  foreign key (seller_id, payment_id) references payments (seller_id, id)
);
create index card_sessions_payment on card_sessions (seller_id, payment_id, id);
-- Webhooks name a session by the gateway's id alone.
create index card_sessions_gateway on card_sessions (gateway_id);
create index card_sessions_open on card_sessions (seller_id, updated_at) where status = 'open';

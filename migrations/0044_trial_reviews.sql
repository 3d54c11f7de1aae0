-- Trials that a person is asked to look at: whoever ordered one has a disposable address, or is somebody who has tried
-- the product before under another account. The trial runs meanwhile; refused, it is stopped.
create table trial_reviews (
  seller_id       uuid        not null,
  id              uuid        not null,
  order_id        uuid        not null,
  account_id      uuid        not null,
  subscription_id uuid        not null,
  reasons         jsonb       not null,
  status          text        not null default 'open' check (status in ('open', 'approved', 'refused')),
  decided_by      text,
  decided_reason  text        not null default '',
  decided_at      timestamptz,
  created_at      timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, order_id),
  foreign key (seller_id, order_id) references orders (seller_id, id),
  check ((status = 'open') = (decided_at is null))
);
create index trial_reviews_status on trial_reviews (seller_id, status, id);

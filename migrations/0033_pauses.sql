-- When a subscription did not run between its activation and its deletion: time without service is not paid for by use.
-- `ends_at` null: it is stopped. One of a subscription is open at most.
create table subscription_pauses (
  seller_id       uuid        not null,
  subscription_id uuid        not null,
  starts_at       timestamptz not null,
  ends_at         timestamptz,
  primary key (seller_id, subscription_id, starts_at),
  constraint subscription_pauses_of foreign key (seller_id, subscription_id) references subscriptions (seller_id, id),
  check (ends_at >= starts_at)
);
create unique index subscription_pauses_open on subscription_pauses (seller_id, subscription_id) where ends_at is null;
insert into subscription_pauses (seller_id, subscription_id, starts_at)
select seller_id, id, stopped_at from subscriptions where stopped_at is not null;

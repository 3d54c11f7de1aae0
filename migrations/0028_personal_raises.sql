-- A user's own quota that rose with the customer's, by an order of an offer: once, and down again once when that order
-- is taken back.
create table personal_raises (
  seller_id  uuid        not null,
  offer_id   uuid        not null,
  usage_name text        not null,
  order_id   uuid        not null,
  tenant_id  uuid        not null,
  units      bigint      not null check (units > 0),
  raised_at  timestamptz not null,
  lowered_at timestamptz,
  primary key (seller_id, offer_id, usage_name),
  foreign key (seller_id, offer_id) references offers (seller_id, id)
);
create index personal_raises_order on personal_raises (seller_id, order_id);

-- What each screenshot of a product shows, for who does not see it: beside its address, by place.
alter table products add column screenshot_texts text[] not null default '{}';

-- Pictures that were given to this installation; products name them by their address, /pictures/{id}.png.
create table product_pictures (
  id         uuid        primary key,
  product_id bigint      not null references products (id),
  seller_id  uuid        not null references tenants (id),
  bytes      bytea       not null,
  added_at   timestamptz not null
);
create index product_pictures_product on product_pictures (product_id);

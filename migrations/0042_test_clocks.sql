-- The time of a sandbox reseller: it stands still until it is moved, and then goes forward through what is due up to
-- `target_at`. Who has no row lives by the machine's clock.
create table test_clocks (
  seller_id  uuid        primary key references tenants (id),
  now_at     timestamptz not null,
  target_at  timestamptz not null,
  is_moving  boolean     not null default false,
  created_at timestamptz not null,
  check (target_at >= now_at)
);

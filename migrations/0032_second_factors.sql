-- The one-time codes of a user's authenticator (RFC 6238). `secret` is sealed; `last_step` is the latest time step whose
-- code was used, so that none works twice. Not in force until the first code confirmed it.
create table second_factors (
  seller_id     uuid        not null,
  user_id       uuid        not null,
  secret        bytea       not null,
  confirmed_at  timestamptz,
  last_step     bigint      not null default 0,
  failures      integer     not null default 0,
  blocked_until timestamptz,
  created_at    timestamptz not null,
  primary key (seller_id, user_id),
  foreign key (seller_id, user_id) references users (seller_id, id) on delete cascade
);

-- For who has lost the authenticator: each works once. `code_hash` is keyed.
create table recovery_codes (
  seller_id uuid        not null,
  user_id   uuid        not null,
  code_hash bytea       not null,
  used_at   timestamptz,
  primary key (seller_id, user_id, code_hash),
  foreign key (seller_id, user_id) references second_factors (seller_id, user_id) on delete cascade
);

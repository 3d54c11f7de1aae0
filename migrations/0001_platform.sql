-- What every capability stands on: the outbox, the audit log, the mail outbox, counters, replayed answers, sessions.
-- Rules for every table: docs/adr/0003-schema-rules.md. Times are UTC instants given by the application.
create extension if not exists ltree;

-- Gapless numbers of one seller's documents: `order`, `payment`. The row's lock is the queue.
create table counters (
  seller_id uuid   not null,
  name      text   not null,
  value     bigint not null default 0 check (value >= 0),
  primary key (seller_id, name)
);

-- Numeric ids that are unique in the installation: `tenant`, `user`, `plan`, `plan_period`, `plan_resource`, `product`.
create table number_ranges (
  name  text   primary key,
  value bigint not null check (value >= 0)
);

-- The outbox: what happened, written in the transaction that made it happen. Append-only but for `relayed_at`.
create table events (
  seller_id      uuid        not null,
  id             uuid        not null,
  type           text        not null,
  subject_kind   text        not null,
  subject_id     text        not null,
  tenant_id      uuid,
  payload        jsonb       not null,
  actor          jsonb       not null,
  correlation_id uuid        not null,
  occurred_at    timestamptz not null,
  relayed_at     timestamptz,
  primary key (seller_id, id)
);
create index events_unrelayed on events (seller_id, id) where relayed_at is null;
create index events_subject on events (seller_id, subject_kind, subject_id, id);
create index events_correlation on events (seller_id, correlation_id);

-- Who changed what, when. Append-only. `details` holds no secrets and no personal data beyond ids.
create table audit_log (
  seller_id      uuid        not null,
  id             uuid        not null,
  action         text        not null,
  subject_kind   text        not null,
  subject_id     text        not null,
  tenant_id      uuid,
  actor          jsonb       not null,
  details        jsonb       not null,
  correlation_id uuid        not null,
  occurred_at    timestamptz not null,
  primary key (seller_id, id)
);
create index audit_log_subject on audit_log (seller_id, subject_kind, subject_id, id);

-- Mail to be sent, and what became of it. `kept`: no mail server is set, so it is read in the outbox page.
create table mails (
  seller_id      uuid        not null,
  id             uuid        not null,
  recipient      text        not null,
  subject        text        not null,
  html           text        not null,
  body_text      text        not null,
  purpose        text        not null,
  status         text        not null check (status in ('queued', 'kept', 'sent', 'failed')),
  attempts       integer     not null default 0,
  last_error     text,
  correlation_id uuid        not null,
  created_at     timestamptz not null,
  sent_at        timestamptz,
  primary key (seller_id, id)
);

-- Answers kept for a repeated `Idempotency-Key`. `status` is null while the first request is under way.
create table idempotency_keys (
  caller       text        not null,
  key          text        not null,
  request_hash bytea       not null,
  status       integer,
  headers      jsonb,
  body         text,
  locked_until timestamptz not null,
  created_at   timestamptz not null,
  primary key (caller, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

-- Signed-in browsers. `token_hash` is SHA-256 of the cookie's value.
create table sessions (
  token_hash   bytea       primary key,
  seller_id    uuid        not null,
  user_id      uuid        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  last_seen_at timestamptz not null
);
create index sessions_user on sessions (seller_id, user_id);

-- RS256 keys of access tokens; `private_key` is sealed with BUYLINK_SECRET.
create table signing_keys (
  id          text        primary key,
  public_jwk  jsonb       not null,
  private_key bytea       not null,
  created_at  timestamptz not null,
  retired_at  timestamptz
);

-- Who is told of what happens, and what became of it.

-- A receiver of events over HTTP, of a seller. `event_types`: empty asks for all; `order.*` for a family. For a while
-- after a rotation both secrets sign; both are sealed with BUYLINK_SECRET.
create table webhook_endpoints (
  seller_id         uuid        not null,
  id                uuid        not null,
  url               text        not null check (length(url) <= 2000),
  description       text        not null default '',
  event_types       text[]      not null default '{}',
  include_resellers boolean     not null default false,
  enabled           boolean     not null default true,
  disabled_reason   text        check (disabled_reason in ('gone')),
  secret            bytea       not null,
  previous_secret   bytea,
  previous_until    timestamptz,
  version           bigint      not null default 1,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  primary key (seller_id, id),
  check ((previous_secret is null) = (previous_until is null))
);

-- What is sent to whom when something happens. `overrides` names the built-in handler, or the one above, that it stands
-- in for. `templates`: texts by language, {"en": {"subject", "body"}}.
create table event_handlers (
  seller_id   uuid        not null,
  id          uuid        not null,
  name        text        not null,
  event_type  text        not null,
  channel     text        not null check (channel in ('email', 'panel', 'webhook')),
  recipients  text[]      not null default '{}',
  addresses   text[]      not null default '{}',
  endpoint_id uuid,
  condition   text        not null default '',
  templates   jsonb       not null default '{}',
  enabled     boolean     not null default true,
  delegated   boolean     not null default true,
  overrides   text,
  version     bigint      not null default 1,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  primary key (seller_id, id),
  unique (seller_id, overrides),
  foreign key (seller_id, endpoint_id) references webhook_endpoints (seller_id, id),
  check ((channel = 'webhook') = (endpoint_id is not null))
);

-- What was, or is to be, sent for one event to one target; the log. Its id is the `webhook-id`: one of an event and a
-- target, whatever is retried, so a receiver can tell copies. Of a webhook the seller is the endpoint's, else the event's.
-- `tries` and `tried_since` begin anew with a replay. While a try is under way `next_try_at` is when it counts as lost.
create table deliveries (
  seller_id      uuid        not null,
  id             uuid        not null,
  event_id       uuid        not null,
  event_type     text        not null,
  subject_kind   text        not null,
  subject_id     text        not null,
  tenant_id      uuid,
  channel        text        not null check (channel in ('email', 'panel', 'webhook')),
  target         text        not null,
  handler        text,
  endpoint_id    uuid,
  mail_id        uuid,
  body           text,
  status         text        not null check (status in ('waiting', 'delivered', 'failed', 'cancelled')),
  attempts       integer     not null default 0,
  tries          integer     not null default 0,
  tried_since    timestamptz not null,
  next_try_at    timestamptz,
  last_status    integer,
  last_error     text,
  correlation_id uuid        not null,
  created_at     timestamptz not null,
  finished_at    timestamptz,
  primary key (seller_id, id),
  unique (seller_id, event_id, target),
  check ((status = 'waiting') = (next_try_at is not null))
);
create index deliveries_due on deliveries (seller_id, next_try_at) where status = 'waiting';
create index deliveries_lane on deliveries (seller_id, endpoint_id, subject_kind, subject_id, event_id) where status = 'waiting';
create index deliveries_endpoint on deliveries (seller_id, endpoint_id, id);

create table delivery_attempts (
  seller_id   uuid        not null,
  delivery_id uuid        not null,
  number      integer     not null,
  started_at  timestamptz not null,
  duration_ms integer     not null,
  status      integer,
  error       text,
  primary key (seller_id, delivery_id, number),
  foreign key (seller_id, delivery_id) references deliveries (seller_id, id) on delete cascade
);

-- What someone reads behind the bell of control panel or portal.
create table notices (
  seller_id  uuid        not null,
  id         uuid        not null,
  user_id    uuid        not null,
  event_id   uuid        not null,
  handler    text        not null,
  title      text        not null,
  body       text        not null,
  url        text,
  created_at timestamptz not null,
  read_at    timestamptz,
  primary key (seller_id, id),
  unique (seller_id, event_id, handler, user_id),
  foreign key (seller_id, user_id) references users (seller_id, id) on delete cascade
);
create index notices_user on notices (seller_id, user_id, id);
create index notices_unread on notices (seller_id, user_id) where read_at is null;

-- A service of a seller that is asked over HTTPS, by the name that its plans say. `secret` is sealed with BUYLINK_SECRET.
create table connectors (
  seller_id        uuid        not null references tenants (id),
  name             text        not null check (name ~ '^[a-z][a-z0-9-]{1,39}$' and name <> 'builtin'),
  url              text        not null,
  secret           bytea       not null,
  deadline_minutes integer     not null default 60 check (deadline_minutes between 1 and 43200),
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  primary key (seller_id, name)
);

-- A service that answers later: until when it may.
alter table provisioning_tasks add column deadline_at timestamptz;
create index provisioning_tasks_late on provisioning_tasks (deadline_at) where deadline_at is not null;

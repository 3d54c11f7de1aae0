-- A service that is asked for what was used: how often, how far (its own cursor), when next, and what went wrong last.
alter table connectors
  add column pull_minutes integer     check (pull_minutes between 1 and 1440),
  add column pull_cursor  text        not null default '',
  add column pull_at      timestamptz,
  add column pull_failure text        not null default '',
  add constraint connectors_pull check ((pull_at is not null) = (pull_minutes is not null));
create index connectors_pull_due on connectors (pull_at) where pull_at is not null;

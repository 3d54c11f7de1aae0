-- `supervisor_id`: of the same seller. `account_id`: the account they buy with themselves, which earns them nothing.
-- A deleted manager stays for the books: orders and accounts name whom they were credited to.
alter table managers
  add column supervisor_id uuid references managers (id),
  add column account_id    uuid references tenants (id),
  add column phone         text        not null default '',
  add column version       bigint      not null default 1,
  add column deleted_at    timestamptz,
  add constraint managers_partner_has_no_user check (not is_partner or user_id is null);
create unique index managers_user on managers (user_id) where deleted_at is null;

-- Every key ever given, and to whom: a key that was taken back or whose manager is gone is given to nobody else.
create table manager_keys (
  key        text        primary key,
  manager_id uuid        not null references managers (id),
  given_at   timestamptz not null
);
insert into manager_keys (key, manager_id, given_at) select key, id, created_at from managers where key is not null;
create index manager_keys_manager on manager_keys (manager_id);

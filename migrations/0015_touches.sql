-- Every touch that met a registration, an order or a person's decision: what it led to and why. Append-only; nothing
-- of the visitor. `touched_at`: the visit that left the key. `actor`, `note`: who linked the account anew, and why.
alter table attributions
  alter column manager_id drop not null,
  alter column manager_key drop not null,
  add column outcome    text not null default 'linked' check (outcome in ('linked', 'unlinked', 'refused')),
  add column refusal    text check (refusal in ('no_manager', 'inactive', 'not_sales', 'other_seller', 'already_linked', 'self_referral')),
  add column channel    text check (channel in ('store_page', 'buy_link', 'token', 'cookie', 'staff')),
  add column touched_at timestamptz,
  add column actor      jsonb,
  add column note       text not null default '',
  add constraint attributions_refusal check ((outcome = 'refused') = (refusal is not null)),
  add constraint attributions_manager check (outcome <> 'linked' or manager_id is not null);

-- How the key of a checkout came: `channel`, and when its link was visited.
alter table checkouts add column touch jsonb;

-- Visits by a manager's key per day and store: bots, and repeats of one browser, left out. Written in batches.
create table manager_visits (
  seller_id   uuid   not null,
  day         date   not null,
  store_id    uuid   not null,
  manager_id  uuid   not null references managers (id),
  manager_key text   not null,
  visits      bigint not null check (visits > 0),
  primary key (seller_id, day, store_id, manager_id, manager_key)
);
create index manager_visits_manager on manager_visits (manager_id, day);

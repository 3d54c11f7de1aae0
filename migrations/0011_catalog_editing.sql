-- The catalogue is edited: what is edited has a version (its ETag), pages show pictures and categories.
alter table categories
  add column description text    not null default '',
  add column position    integer not null default 0,
  add column version     bigint  not null default 1;

alter table products
  add column logo_url        text,
  add column screenshot_urls text[] not null default '{}',
  add column version         bigint not null default 1;

-- A draft is not on sale yet. `launched`: it was on sale once, so what links and orders rest on stays as it is.
alter table plans drop constraint plans_status_check;
update plans set status = 'draft' where status = 'inactive';
alter table plans
  add constraint plans_status_check check (status in ('draft', 'active', 'retired')),
  add column launched boolean not null default false,
  add column version  bigint  not null default 1;
update plans set launched = true where status <> 'draft';

-- A store's own pages: terms, contact, delivery. `body` is Markdown.
create table store_pages (
  store_id   uuid        not null references stores (id),
  slug       text        not null check (slug ~ '^[a-z0-9-]{1,80}$'),
  seller_id  uuid        not null references tenants (id),
  title      text        not null check (title <> ''),
  body       text        not null,
  published  boolean     not null default true,
  position   integer     not null default 0,
  version    bigint      not null default 1,
  updated_at timestamptz not null,
  primary key (store_id, slug)
);

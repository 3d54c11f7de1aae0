-- What an hour's unit costs those who sell a plan on, the seller first and then whoever stands above, each in its own
-- currency; null for a plan of the seller's own.
alter table consumption_records add column unit_costs numeric[];

-- What the sales of a month by a reseller, or by those below it, cost it at the prices of the one above, who states it.
-- `sales_minor` is what the reseller itself sold them for, net.
create table cost_statements (
  seller_id      uuid        not null,
  id             uuid        not null,
  sequence       bigint      not null,
  number         text        not null,
  reseller_id    uuid        not null references tenants (id),
  period         date        not null check (extract(day from period) = 1),
  currency       text        not null,
  cost_minor     bigint      not null,
  sales_minor    bigint      not null,
  correlation_id uuid        not null,
  issued_at      timestamptz not null,
  primary key (seller_id, id),
  constraint cost_statements_of unique (seller_id, reseller_id, period),
  constraint cost_statements_sequence unique (seller_id, sequence)
);
create index cost_statements_reseller on cost_statements (reseller_id, period);

-- One sale, or what was given back of one. `source_id` is the posting of the ledger that says so, or the order where it
-- cost the customer nothing. The key puts each on one statement.
create table cost_statement_lines (
  seller_id      uuid        not null,
  statement_id   uuid        not null,
  position       integer     not null,
  sale_seller_id uuid        not null,
  source_id      uuid        not null,
  reseller_id    uuid        not null,
  at             timestamptz not null,
  kind           text        not null,
  document       text        not null,
  title          text        not null,
  sale_currency  text        not null,
  sale_minor     bigint      not null,
  cost_minor     bigint      not null,
  primary key (seller_id, statement_id, position),
  constraint cost_statement_lines_once unique (seller_id, sale_seller_id, source_id, reseller_id),
  constraint cost_statement_lines_of foreign key (seller_id, statement_id) references cost_statements (seller_id, id)
);

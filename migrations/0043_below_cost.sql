-- What happens when a reseller prices what it sells on below what it pays for it: it is told, or refused.
alter table price_lists add column below_cost text not null default 'warn' check (below_cost in ('warn', 'refuse'));

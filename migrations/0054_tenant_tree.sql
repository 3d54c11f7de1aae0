-- The tree in the portal stays fast with a hundred thousand tenants on one level: sorted by what its list is sorted by
-- (the expressions are those of `byText` and `byNumber`, platform/http/list.ts), within a level and in what a search
-- finds in all of it. A search looks for a part of a name, which takes trigrams: pg_trgm comes with PostgreSQL, as ltree does.
create extension if not exists pg_trgm;
create index tenants_name_part on tenants using gin (lower(name) gin_trgm_ops) where deleted_at is null;
create index tenants_level_name on tenants (parent_id, left(lower(coalesce(name, '')), 60), id) where deleted_at is null;
create index tenants_level_kind on tenants (parent_id, left(lower(coalesce(kind, '')), 60), id) where deleted_at is null;
create index tenants_level_number on tenants (parent_id, coalesce(number::numeric, '-Infinity'), id) where deleted_at is null;
create index tenants_by_name on tenants (left(lower(coalesce(name, '')), 60), id) where deleted_at is null;
create index tenants_by_kind on tenants (left(lower(coalesce(kind, '')), 60), id) where deleted_at is null;
create index tenants_by_number on tenants (coalesce(number::numeric, '-Infinity'), id) where deleted_at is null;

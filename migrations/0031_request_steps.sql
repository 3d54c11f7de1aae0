-- What each transaction of a request under an Idempotency-Key gave, in their order: written in that very transaction, so
-- that the request, asked for again after a crash, goes on behind it. Sealed as the answers are, and for the same reason.
alter table idempotency_keys add column steps bytea[] not null default '{}';

-- An answer kept for a repeated Idempotency-Key may hold a secret that is shown once: it is sealed with BUYLINK_SECRET.
-- `body` is left for what was kept before: it is read for its day, and never written again.
alter table idempotency_keys add column sealed_body bytea;

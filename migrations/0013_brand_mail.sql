-- A brand's own mail server: its password, sealed, and when and why it failed last (null: it works, or was never used).
alter table brands add column smtp_password bytea;
alter table brands add column mail_failed_at timestamptz;
alter table brands add column mail_failure text;

-- The tenant whose brand a mail carries (null: its seller's), and what went wrong though it was sent.
alter table mails add column tenant_id uuid;
alter table mails add column warning text;

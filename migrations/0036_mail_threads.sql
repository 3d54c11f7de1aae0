-- Mails about one thing to one person are sent in their order: `thread` is what they are about. `queued_at`: since when a
-- mail is tried, for three days; anew when somebody sends it again.
alter table mails add column thread text;
alter table mails add column queued_at timestamptz;
update mails set queued_at = created_at;
alter table mails alter column queued_at set not null;
create index mails_waiting on mails (seller_id, thread, id) where status = 'queued';

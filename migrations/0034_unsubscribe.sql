-- Where the reader's mail program ends mails of this kind with one click (RFC 8058); null: mails that are always sent.
alter table mails add column unsubscribe_url text;

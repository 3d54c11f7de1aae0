-- A document that goes with a mail, as its kind and id: it is made when the mail is sent.
alter table mails add column attachment jsonb;

-- Where a link to buy was shown on a day, for which alert: how often is not counted, nor to whom.
create table upsell_shown (
  seller_id  uuid not null,
  day        date not null,
  alert_id   uuid not null,
  place      text not null,
  usage_name text not null,
  primary key (seller_id, day, alert_id, place)
);

-- What somebody asked their contact, and the answer; and when an own quota was raised from what the customer has.
alter table offers add column question text not null default '';
alter table offers add column reply text not null default '';
alter table offers add column answered_at timestamptz;
alter table offers add column answered_by uuid;
alter table offers add column reassigned_at timestamptz;
create index offers_asked on offers (seller_id, id) where asked_at is not null;

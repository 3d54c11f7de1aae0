-- A review asks a person whether a subscription may go on: a trial of a doubtful customer, or what a credit hold would
-- stop where the account's class leaves that to a person. Of a hold it is asked once; `ended_at` is when the hold was over.
alter table trial_reviews rename to reviews;
alter table reviews add column kind text not null default 'trial' check (kind in ('trial', 'credit_hold'));
alter table reviews add column ended_at timestamptz;
alter table reviews alter column order_id drop not null;
alter table reviews drop constraint trial_reviews_status_check;
alter table reviews add constraint reviews_status_check check (status in ('open', 'approved', 'refused', 'withdrawn'));
alter table reviews add constraint reviews_order_check check ((kind = 'trial') = (order_id is not null));
create unique index reviews_of_hold on reviews (seller_id, subscription_id) where kind = 'credit_hold' and ended_at is null;

alter table account_classes add column stop_type text not null default 'automatic' check (stop_type in ('automatic', 'manual'));

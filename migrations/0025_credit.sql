-- Credit hold: since when an account is below zero, and when it was told that its balance is low. What a hold stopped
-- starts again by itself.
alter table accounts
  add column subzero_since  timestamptz,
  add column low_balance_at timestamptz;
alter table account_classes add constraint account_classes_subzero check (subzero_period_days >= -1);
alter table subscriptions drop constraint subscriptions_stop_reason_check;
alter table subscriptions
  add constraint subscriptions_stop_reason check (stop_reason in ('expired', 'cancelled', 'administrative', 'credit_hold'));

-- A schedule may stop the service that is not paid for. Of an invoice, what it stopped starts again once nothing that
-- stopped it is unpaid; a renewal starts it again itself.
alter table dunnings add column stopped_subscription_id uuid;
create index dunnings_stopped on dunnings (seller_id, stopped_subscription_id) where stopped_subscription_id is not null;

alter table dunning_steps drop constraint dunning_steps_action_check;
alter table dunning_steps add constraint dunning_steps_action_check check (action in ('charge', 'remind', 'stop'));
alter table dunning_steps drop constraint dunning_steps_outcome_check;
alter table dunning_steps add constraint dunning_steps_outcome_check check (outcome in ('started', 'paid', 'paid_from_balance', 'needs_payer', 'declined', 'cancelled', 'reminded', 'stopped', 'nothing_to_stop', 'skipped'));

alter table subscriptions drop constraint subscriptions_stop_reason;
alter table subscriptions add constraint subscriptions_stop_reason check (stop_reason in ('expired', 'cancelled', 'administrative', 'credit_hold', 'unpaid'));

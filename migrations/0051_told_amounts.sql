-- What an external service says that a pay-as-you-go subscription cost (billing type pay as you go, external): what the
-- plan's owner asks, and what the service asks of it, in the owner's currency, net of tax. `resource_id` 0: of the whole
-- subscription. Once charged it stands in `period`, at the factors of that moment: what the seller asked for each 1.00
-- that the owner asks, and what each 1.00 cost those on the way down, the seller first, each in its own currency.
create table told_amounts (
  seller_id       uuid            not null,
  id              uuid            not null,
  subscription_id uuid            not null,
  source          text            not null,
  event_id        text            not null,
  resource_id     bigint          not null default 0,
  at              timestamptz     not null,
  received_at     timestamptz     not null,
  amount          numeric(30, 9)  not null,
  net_cost        numeric(30, 9),
  period          date,
  factor          numeric(30, 12),
  factor_costs    numeric(30, 12)[],
  primary key (seller_id, id),
  constraint told_amounts_event unique (seller_id, subscription_id, source, event_id),
  constraint told_amounts_of foreign key (seller_id, subscription_id) references subscriptions (seller_id, id),
  constraint told_amounts_charged check ((period is null) = (factor is null))
);
create index told_amounts_waiting on told_amounts (seller_id, subscription_id, at) where period is null;
create index told_amounts_charged_in on told_amounts (seller_id, subscription_id, period);

-- A charge may be of no resource now: plans of external services have none, as a rule.
alter table charges drop constraint charges_resource_id_fkey;

-- Whom a discount is for: empty lists are everybody. `account_ids` names payer accounts of the seller, `owned_plan_ids`
-- plans of which a customer has a running subscription (a combination).
alter table discounts add column account_ids uuid[] not null default '{}';
alter table discounts add column owned_plan_ids bigint[] not null default '{}';

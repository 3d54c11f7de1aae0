-- The day of the month on which pay as you go is closed and invoiced (facts A3.9). A period that is open keeps the end it
-- began with, so its end is kept beside its first day; up to now each was a month.
alter table account_classes add column billing_day integer not null default 1 check (billing_day between 1 and 28);

alter table ratings add column period_ends date;
update ratings set period_ends = period + interval '1 month';
alter table ratings alter column period_ends set not null, add constraint ratings_period_ends check (period_ends > period);

alter table charges add column period_ends date;
update charges set period_ends = period + interval '1 month';
alter table charges alter column period_ends set not null, add constraint charges_period_ends check (period_ends > period);

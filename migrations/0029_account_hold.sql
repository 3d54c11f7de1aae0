-- Why an account is on administrative hold, told to its people; '' while it is not.
alter table accounts add column hold_reason text not null default '';

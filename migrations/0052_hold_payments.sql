-- An order that is placed on credit hold has two payments (facts A4.1): one that takes the account off it, of which an
-- account has one that waits, and its own, which comes after that.
alter table payments
  add column leaves_hold      boolean not null default false,
  add column after_payment_id uuid;
create unique index payments_leaving_hold on payments (seller_id, account_id)
  where leaves_hold and status in ('waiting_for_payment', 'processing');

-- A charge that a schedule began is seen to its end, also where what it asked for was paid otherwise meanwhile.
alter table dunnings drop constraint dunnings_check;
alter table dunnings add constraint dunnings_check check (status <> 'running' or next_at is not null);
update dunnings d set next_at = d.updated_at
  where d.next_at is null
    and exists (select from dunning_steps s where s.seller_id = d.seller_id and s.dunning_id = d.id and s.outcome = 'started');

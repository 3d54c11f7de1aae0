-- Where the latest move of a test clock began: how far it is, and what happened since.
alter table test_clocks add column from_at timestamptz;

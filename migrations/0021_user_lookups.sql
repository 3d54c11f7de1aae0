-- Whose user an id is, which tells the seller that keeps them.
create index logins_user on logins (user_id);
-- Those who are to be disabled by themselves.
create index users_disable_after on users (disable_after) where enabled and disable_after is not null;

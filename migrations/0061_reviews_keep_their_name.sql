-- A table keeps its name, which the release before reads and a cluster distributes it by: it holds reviews of holds as well.
alter table reviews rename to trial_reviews;

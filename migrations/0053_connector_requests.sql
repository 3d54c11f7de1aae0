-- The latest requests to a service, for its page: ids are made in the order of time, and do not change with each try.
create index provisioning_tasks_connector on provisioning_tasks (seller_id, connector, id);

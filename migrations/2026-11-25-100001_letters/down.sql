DROP INDEX messages_aside;
DROP INDEX signups_by_name;
DROP INDEX messages_to_office;

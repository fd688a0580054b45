DROP INDEX messages_of_office;

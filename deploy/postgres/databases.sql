-- Two services, two databases, two roles: each may enter its own database and no other. Run by psql, once, on an empty volume.
\getenv recovery_password RECOVERY_DB_PASSWORD
\getenv notification_password NOTIFICATION_DB_PASSWORD

CREATE ROLE rekey_recovery LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'recovery_password';
CREATE DATABASE rekey_recovery OWNER rekey_recovery;
REVOKE ALL ON DATABASE rekey_recovery FROM PUBLIC;

CREATE ROLE rekey_notification LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'notification_password';
CREATE DATABASE rekey_notification OWNER rekey_notification;
REVOKE ALL ON DATABASE rekey_notification FROM PUBLIC;

REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;

/**
 * A `deployment.toml` of WSO2 Identity Server as an organization has it after a few years: the stock sections, every key of the
 * compatibility table, a database of its own, Java listeners, and all the ways in which such files write a value.
 */
export const wso2Deployment = `
[server]
hostname = "id.example.com"
node_ip = "127.0.0.1"
base_path = "https://$ref{server.hostname}:\${carbon.management.port}"
offset = "0"

[super_admin]
username = "admin"
password = "$env{WSO2_ADMIN_PASSWORD}"
create_admin_account = true

[user_store]
type = "database_unique_id"

[database.identity_db]
url = "jdbc:postgresql://db.example.com:5432/wso2identity"
username = "wso2"
password = "$secret{identity_db_password}"
driver = "org.postgresql.Driver"
[database.identity_db.pool_options]
maxActive = "80"
validationQuery = "SELECT 1; COMMIT"

[database.shared_db]
type = "h2"
url = "jdbc:h2:./repository/database/WSO2SHARED_DB;DB_CLOSE_ON_EXIT=FALSE"
username = "wso2carbon"
password = "wso2carbon"

[database.user]
url = "jdbc:postgresql://db.example.com:5432/wso2user"
username = "wso2"
password = "$secret{user_db_password}"
driver = "org.postgresql.Driver"

[realm_manager]
data_source = "WSO2USER_DB"

[keystore.primary]
file_name = "wso2carbon.p12"
password = "wso2carbon"
[truststore]
file_name = "client-truststore.p12"
password = "wso2carbon"
type = "PKCS12"

[transport.https.properties]
port = "9443"
proxyPort = 443
sslEnabledProtocols = "TLSv1.2,TLSv1.3"

[[resource.access_control]]
context = "(.*)/api/identity/recovery/(.*)"
secure = true
http_method = "all"
permissions = ["/permission/admin/manage/identity/identitymgt"]

[account_recovery.endpoint.auth]
hash = "66cd96"
[identity.auth_framework.endpoint]
app_password = "dashboard"

[[session.nonce.cookies.whitelist.authenticators]]
name = "MagicLinkAuthenticator"

[recaptcha]
enabled = true
site_key = "6Lc"

[output_adapter.email]
from_address = "no-reply@example.com"
username = "no-reply"
password = "$env{WSO2_MAIL_PASSWORD}"
hostname = "smtp.example.com"
port = 587
enable_start_tls = true
enable_authentication = true
signature = "Example"

[event.default_listener.identity_mgt]
priority = "50"
enable = false
[event.default_listener.governance_identity_mgt]
priority = "95"
enable = true
[event.default_listener.governance_identity_store]
priority = "97"
enable = true
data_store = "org.wso2.carbon.identity.governance.store.JDBCIdentityDataStore"
enable_hybrid_data_store = false
[event.default_listener.password_expiry]
priority = "118"
enable = true

[[event_listener]]
id = "custom_user_operation_event_listener"
type = "org.wso2.carbon.user.core.listener.UserOperationEventListener"
name = "com.example.iam.CustomListener"
order = "60"
enable = true

[[event_handler]]
name = "customEvent"
subscriptions = ["CUSTOM_EVENT", "PRE_ADD_USER"]

[identity_mgt.password_reset_email]
enable_password_reset_email = true
reset_mail_validity = "1440"
notify_on_reset = true
enable_recaptcha = "false"
confirmation_code_tolerance_period = 0
[identity_mgt.password_reset_email.otp]
send_otp_in_email = false
use_uppercase_in_otp = true
use_lowercase_in_otp = true
use_numeric_in_otp = true
otp_length = "6"

[identity_mgt.recovery]
callback_url = "\${carbon.protocol}:\\\\/\\\\/\${carbon.host}:\${carbon.management.port}\\\\/.*"
notify_user_existence = false
notify_recovery_email_existence = false
notify_user_account_status = false
hide_user_existence = false
enable_auto_login = false
enable_v1_api = true
[identity_mgt.recovery.notification]
manage_internally = true

[identity_mgt.notification_channel_recovery]
recovery_code_validity = "1m"
[identity_mgt.resend_notification]
resend_code_validity = "2m"
[identity_mgt.password_reset_challenge_questions]
enable_password_reset_challenge_questions = false
min_required_answers = 2
[identity_mgt.username_recovery.email]
enable_username_recovery = false
[identity_mgt.password_reset_by_admin]
enable_emailed_link_based_reset = false
enable_emailed_otp_based_reset = false
code_validity_period = "1440m"
[identity_mgt.password_update]
preserve_logged_in_session = false

[identity_mgt.account_locking]
enable_account_locking = true
allowed_failed_attempts = "5"
auto_unlock_after = "5"
auto_unlock_time_increment_ratio = "2"
[identity_mgt.password_history]
enable = true
count = "5"
[identity_mgt.password_policy]
enable = true
min_length = "8"
max_length = "64"
pattern = '^((?=.*\\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!@#$%&*])).{0,100}$'
[identity_mgt.notification]
default_notification_channel = "EMAIL"
[identity_mgt.user_self_registration]
allow_self_registration = false

[secrets]
identity_db_password = "[change me]"
user_db_password = "[change me too]"
`;

/** What WSO2 Identity Server's file may say and Rekey has no use for: named in a warning, never a reason not to start. `*` stands for anything below. */
const unusedByRekey = [
  'server.node_ip', 'server.base_path_context', 'server.mode', 'server.proxy_context_path', 'server.internal_hostname', 'server.enable_*',
  'super_admin.create_admin_account', 'super_admin.admin_role', 'user_store.*', 'user_store', 'database_configuration.*', 'database.shared_db.*', 'database.config.*', 'database.*.pool_options.*', 'database.*.driver', 'database.*.url',
  'keystore.*', 'truststore.*', 'encryption.*', 'hazelcast.*', 'clustering.*', 'realm_manager.*', 'system.*', 'tenant_mgt.*', 'tenant.*', 'session.*', 'session_data.*', 'oauth.*', 'saml.*', 'sts.*', 'scim2.*', 'cors.*',
  'authentication.*', 'admin_console.*', 'myaccount.*', 'console.*', 'catalina.*', 'http_access_log.*', 'monitoring.*', 'analytics.*', 'governance.*', 'resource_access_control.*', 'rest_api_authentication.*', 'tomcat.*',
  'transport.https.sslHostConfig.*', 'transport.https.properties.*', 'transport.http.properties.*', 'account.*', 'account_recovery.*', 'recaptcha.*', 'adaptive_authentication.*', 'user.*', 'identity_provider.*', 'role_mgt.*', 'action.*', 'actions.*',
  'output_adapter.sms.*', 'output_adapter.email.enable_ssl', 'output_adapter.email.additional_properties.*', 'event.default_listener.*', 'event_listener', 'event_listener.*', 'event_handler', 'event_handler.*',
  'identity_mgt.account_locking.*', 'identity_mgt.password_history.*', 'identity_mgt.username_recovery.*', 'identity_mgt.password_reset_by_admin.*', 'identity_mgt.password_reset_challenge_questions.*', 'identity_mgt.user_self_registration.*',
  'identity_mgt.notification.*', 'identity_mgt.notification_channel_recovery.*', 'identity_mgt.resend_notification.*', 'identity_mgt.password_update.*', 'identity_mgt.recovery.*', 'identity_mgt.password_reset_email.*', 'identity_mgt.account_disable_handler.*', 'identity_mgt.events.*',
].map((key) => new RegExp(`^${key.replace(/[.]/g, '\\.').replace(/\*/g, '.*')}$`));

export function isUnusedWso2Key(path: string): boolean {
  return unusedByRekey.some((pattern) => pattern.test(path) || pattern.test(`${path}.x`));
}

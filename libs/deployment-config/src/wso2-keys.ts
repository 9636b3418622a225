/** What WSO2 Identity Server's file may say and Rekey has no use for: named in a warning, never a reason not to start. Whole sections here. */
const sections = new Set([
  'AdaptiveAuth', 'account', 'account_recovery', 'accounts', 'action', 'actions', 'adaptive_authentication', 'admin_console', 'analytics', 'apim', 'application_mgt', 'authentication', 'authentication_policy',
  'authenticationendpoint', 'authorization_manager', 'cache', 'carbon_health_check', 'catalina', 'certificate_validation', 'clustering', 'configuration', 'console', 'continue_on_claim_handling_error', 'cors',
  'custom_message_formatters', 'data_storage_type', 'database_configuration', 'datasource', 'device_token', 'encryption', 'entitlement', 'federated', 'federated_user_account_association',
  'fido', 'governance', 'hazelcast', 'http_access_log', 'identity', 'identity_data_source', 'identity_mgt_account_suspension', 'identity_provider', 'identity_secret_manager', 'idp_role_management',
  'intermediate_cert_validation', 'jmx', 'key_mgt', 'keystore', 'legacy_claims', 'legacy_feature', 'localization', 'monitoring', 'myaccount', 'oauth', 'org_wise_multi_attribute_separator', 'organization',
  'outbound_provisioning_management', 'pagination', 'par', 'passive_sts', 'push_authenticator', 'push_device_management', 'realm_manager', 'recaptcha', 'recovery', 'recoveryendpoint', 'remote_fetch', 'remote_logging',
  'resource', 'resource_access_control', 'rest_api_authentication', 'role_mgt', 'saml', 'scim', 'scim2', 'scim2_multi_attribute_filtering', 'service_provider', 'session', 'session_data', 'sp_role_management', 'sso_login', 'sts',
  'system', 'system_applications', 'system_parameter', 'tenant', 'tenant_context', 'tenant_mgt', 'tomcat', 'tomcat_mgt', 'truststore', 'user', 'user_account_association', 'user_filtering', 'user_store', 'user_store_mgt',
]);

/** Beside the keys that Rekey reads only what WSO2 really has there: anything else is a slip. */
const keys = new Set([
  ...below('server', ['node_ip', 'base_path_context', 'mode', 'proxy_context_path', 'internal_hostname', 'clock_skew', 'enable_admin_services', 'enable_shutdown_from_api', 'enable_restart_from_api', 'enable_email_domain', 'force_local_cache', 'hide_admin_service_wsdl', 'serverDetails', 'userAgent']),
  ...below('super_admin', ['create_admin_account', 'admin_role']),
  ...below('transport', ['mgt', 'receiver', 'sender']),
  ...['http', 'https'].flatMap((door) => [
    ...below(`transport.${door}`, ['sslHostConfig']),
    ...below(`transport.${door}.properties`, ['acceptCount', 'acceptorThreadCount', 'bindOnInit', 'clientAuth', 'compression', 'compressionMinSize', 'connectionTimeout', 'connectionUploadTimeout', 'disableUploadTimeout', 'keystoreFile', 'keystorePass', 'maxHttpHeaderSize', 'maxKeepAliveRequests', 'maxSwallowSize', 'maxThreads', 'minSpareThreads', 'noCompressionUserAgents', 'proxyPort', 'redirectPort', 'server', 'sslEnabledProtocols', 'sslProtocol', 'compressableMimeType', 'compressibleMimeType', 'ciphers', 'URIEncoding']),
  ]),
  ...below('database', ['shared_db', 'config', 'user']),
  ...['identity_db', 'notification_db'].flatMap((database) => below(`database.${database}`, ['driver', 'pool_options', 'jmx_enable'])),
  ...below('output_adapter', ['sms', 'http']),
  ...below('output_adapter.email', ['enable_ssl', 'additional_properties', 'replyTo', 'reply_to']),
  ...below('event', ['default_recorder']),
  ...below('event.default_listener', [
    'application_authentication', 'basic_auth_client_authenticator', 'basic_user_info_provider', 'claim_encryption', 'client_certificate_authentication_handler', 'consent_mgt_handler', 'data_type_validation', 'dpop',
    'email_domain_validation_handler', 'failed_lockout_count_handler', 'fragment_app_mgt_listener', 'group_management_v2_audit_logger', 'identity_role_workflow_operation', 'identity_user_workflow_operation',
    'identity_verification_event_listener', 'is_introspection_data_provider', 'jit_provisioning_handler', 'mutual_tls_authenticator', 'oauth_listener', 'organization_agent_association_listener',
    'organization_discovery_user_operation_listener', 'organization_user_association_listener', 'organization_user_operation_listener', 'outbound_provisioning_error_handler', 'password_expiry', 'post_auth_association_handler',
    'pre_update_password_action', 'private_key_jwt_authenticator', 'privileged_user_authenticator', 'provisioning_role_mgt_listener', 'role_management_v2_audit_logger', 'scim', 'scim2', 'scim2_tenant_mgt', 'scim_tenant_mgt',
    'shared_user_profile_update_governance_listener', 'sub_org_application_mgt_listener', 'subject_identifier_handler', 'system_api_authorization_management_listener', 'system_api_resource_management_listener',
    'unique_claim_user_operation_event_listener', 'user_claim_audit_logger', 'user_deletion', 'user_failure_audit_logger', 'user_management_audit_logger', 'user_management_v2_audit_logger', 'user_mgt_audit_logger',
    'user_session_termination', 'userid_resolver', 'username_resolver', 'validation',
  ]),
  ...below('identity_mgt', [
    'account_disable_handler', 'challenge_questions', 'claims', 'default_mail_validity_period', 'enable_user_claim_input_regex_validation', 'endpoint', 'events', 'forced_challenge_questions',
    'lite_user_registration', 'login_identifiers', 'password_reset_sms', 'tenant_registration', 'workflow_pending_user_authn_handler',
  ]),
  ...below('identity_mgt.recovery', ['challenge_question', 'enable_detailed_error_messages', 'enable_normalized_retry_error_response']),
  ...below('identity_mgt.password_policy', ['max_password_allowed_length']),
  // In tables that are open, and so near to a key of Rekey's that they would pass for a slip.
  ...below('identity_mgt.password_reset_by_admin', ['enable_offline_otp_based_reset', 'enable_sms_otp_based_reset']),
]);

/** Tables of which Rekey reads some keys, and WSO2 has more than anyone lists. */
const openTables = new Set(
  below('identity_mgt', ['notification', 'notification_channel_recovery', 'password_reset_by_admin', 'password_reset_challenge_questions', 'password_update', 'user_claim_update', 'user_claim_update.email', 'user_onboarding', 'user_self_registration', 'username_recovery', 'username_recovery.email']),
);

function below(table: string, names: readonly string[]): string[] {
  return names.map((name) => `${table}.${name}`);
}

/** @param path of a key that Rekey does not read, in a table that it does */
export function isUnusedWso2Key(path: readonly string[]): boolean {
  return sections.has(path[0] ?? '') || keys.has(path.join('.'));
}

/** Whether any key that Rekey does not read may stand in the table at this path, unless it is almost one that it does. */
export function isOpenTable(path: readonly string[]): boolean {
  return openTables.has(path.join('.'));
}

/** Whether a table of `[database.…]` describes a database of WSO2's own, by its JDBC address: Rekey keeps its data in others. */
export function isWso2Database(path: readonly string[], table: object): boolean {
  return path.length === 2 && path[0] === 'database' && Object.hasOwn(table, 'url');
}

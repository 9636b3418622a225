import { knownKeysAt } from './schema.ts';
import { load } from './testing/deployment-texts.ts';
import { wso2Deployment } from './testing/wso2-deployment.ts';
import { isUnusedWso2Key } from './wso2-keys.ts';

describe('the keys that only WSO2 reads', () => {
  it('are none that Rekey reads', () => {
    const contradictions: string[] = [];
    const visit = (path: readonly string[]): void => {
      for (const key of knownKeysAt(path) ?? []) {
        if (isUnusedWso2Key([...path, key])) contradictions.push([...path, key].join('.'));
        visit([...path, key]);
      }
    };
    visit([]);
    expect(contradictions).toEqual([]);
  });

  it('are whole sections, and single keys beside those that Rekey reads', () => {
    expect(isUnusedWso2Key(['keystore'])).toBe(true);
    expect(isUnusedWso2Key(['resource'])).toBe(true);
    expect(isUnusedWso2Key(['identity_mgt', 'challenge_questions'])).toBe(true);
    expect(isUnusedWso2Key(['identity_mgt', 'acount_locking'])).toBe(false);
    expect(isUnusedWso2Key(['keystor'])).toBe(false);
  });
});

describe('keys of WSO2 Identity Server that Rekey does not use', () => {
  /** As a stock installation has it. */
  const stockFile = `
[server]
hostname = "id.example.com"
node_ip = "127.0.0.1"
base_path = "https://$ref{server.hostname}:\${carbon.management.port}"

[super_admin]
username = "admin"
password = "admin"
create_admin_account = true

[user_store]
type = "database_unique_id"

[database.identity_db]
type = "h2"
url = "jdbc:h2:./repository/database/IDENTITY_DB"
username = "carbon"
password = "carbon"

[database.shared_db]
type = "h2"
url = "jdbc:h2:./repository/database/SHARED_DB"

[keystore.primary]
file_name = "carbon.p12"
password = "$env{A_PASSWORD_THAT_ONLY_WSO2_NEEDS}"

[truststore]
file_name = "client-truststore.p12"

[account_recovery.endpoint.auth]
hash = "66cd"

[identity.auth_framework.endpoint]
app_password = "dashboard"

[[session.nonce.cookies.whitelist.authenticators]]
name = "MagicLinkAuthenticator"

[identity_mgt.recovery]
callback_url = "\${carbon.protocol}:\\\\/\\\\/\${carbon.host}:\${carbon.management.port}\\\\/.*"
enable_v1_api = true

[identity_mgt.password_reset_email.otp]
send_otp_in_email = false

[event.default_listener.password_expiry]
priority = "118"
enable = true
`;

  it('are named in one warning, and are no reason not to start', () => {
    const { warnings } = load(stockFile);
    expect(warnings).toEqual([
      'deployment.toml: Rekey does not use these keys of WSO2 Identity Server: server.node_ip, super_admin.create_admin_account, user_store, database.identity_db, database.shared_db, keystore, truststore, account_recovery, identity, session, event.default_listener.password_expiry',
    ]);
  });

  it('leave the keys beside them in force, and a stock file means the same in both', () => {
    const { config } = load(`${stockFile}[transport.https.properties]\nport = 9444\n`);
    expect(config.server.baseUrl).toBe('https://id.example.com:9444');
    expect(config.identityDatabase).toBeNull();
    const callback = new RegExp(`^(?:${config.passwordRecovery.callbackPattern})$`, 'u');
    expect(callback.test('https://id.example.com:9444/myaccount')).toBe(true);
    expect(callback.test('https://idxexample.com:9444/myaccount')).toBe(false);
  });

  it('are named in one warning where a whole file of WSO2 Identity Server is brought, and all that Rekey reads counts', () => {
    const { config, warnings } = load(wso2Deployment, { WSO2_ADMIN_PASSWORD: 'a', WSO2_MAIL_PASSWORD: 'b' });
    expect(warnings).toEqual([
      'deployment.toml: Rekey does not use these keys of WSO2 Identity Server: server.node_ip, super_admin.create_admin_account, user_store, database.identity_db, database.shared_db, database.user, realm_manager, keystore, truststore, transport.https.properties.proxyPort, transport.https.properties.sslEnabledProtocols, resource, account_recovery, identity, session, recaptcha, event.default_listener.password_expiry',
      'event_listener "custom_user_operation_event_listener", event_handler "customEvent": these have no "module", so they name Java classes, which Rekey cannot call',
      'secrets.identity_db_password, secrets.user_db_password: in brackets, as WSO2 writes what its cipher tool has yet to encrypt; here they belong to the secret',
    ]);
    expect(config.server.baseUrl).toBe('https://id.example.com:9443');
    expect(config.email?.relays).toMatchObject([{ host: 'smtp.example.com', tls: 'starttls', credentials: { username: 'no-reply', password: 'b' } }]);
    expect(config.passwordRecovery).toMatchObject({ enable: true, linkValidityMinutes: 1_440, notifyOnReset: true });
    expect(config.accountLocking).toEqual({ enable: true, allowedFailedAttempts: 5, autoUnlockAfterSeconds: 300, autoUnlockTimeIncrementRatio: 2, notify: true });
    expect(config.passwordPolicy).toMatchObject({ minLength: 8, maxLength: 64 });
    expect(config.passwordHistory).toEqual({ enable: true, count: 5 });
  });

  it('are named too where they stand in a table of which Rekey reads other keys', () => {
    const { warnings, config } = load('[identity_mgt.user_self_registration]\nallow_self_registration = "true"\nenable_detailed_api_response = true\n[identity_mgt.username_recovery.sms]\nenable_username_recovery = true');
    expect(warnings).toEqual(['deployment.toml: Rekey does not use these keys of WSO2 Identity Server: identity_mgt.user_self_registration.enable_detailed_api_response, identity_mgt.username_recovery.sms']);
    expect(config.selfRegistration.enable).toBe(true);
  });

  it('are no slips where they are near to one that Rekey reads', () => {
    expect(load('[identity_mgt.password_reset_by_admin]\nenable_offline_otp_based_reset = true\nenable_sms_otp_based_reset = true').warnings).toEqual([expect.stringContaining('enable_offline_otp_based_reset, identity_mgt.password_reset_by_admin.enable_sms_otp_based_reset')]);
  });

  it.each([
    ['[identity_mgt.password_reset_challenge_questions]\nenable_password_reset_challenge_questions = true', /^identity_mgt\.password_reset_challenge_questions: Rekey asks no questions/],
    ['[identity_mgt.notification]\ndefault_notification_channel = "SMS"', /no "SMS"$/],
  ])('are no reason not to start where Rekey leaves out on purpose what they ask for: %j', (toml, warning) => {
    expect(load(toml).warnings).toEqual([expect.stringMatching(warning)]);
  });

  it('never hide a key that Rekey reads', () => {
    const { warnings, config } = load('[identity_mgt.recovery.notification]\nmanage_internally = false');
    expect(warnings).toEqual([]);
    expect(config.passwordRecovery.manageInternally).toBe(false);
  });
});

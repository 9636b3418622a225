import type { DatabaseSettings, DeploymentConfig, EmailRelaySettings, KafkaSettings, ServerSettings } from './deployment-config.ts';
import type { DeploymentToml } from './schema.ts';

type Fault = (path: readonly string[], reason: string) => Error;

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** The file's keys as the services know them. @throws what `fault` makes, where keys contradict each other or are dangerous */
export function toDeploymentConfig(toml: DeploymentToml, fault: Fault): DeploymentConfig {
  const { password_reset_email: resetEmail, recovery, resend_notification: resend, password_policy: policy } = toml.identity_mgt;
  const server = serverSettings(toml, fault);
  const listeners = toml.event.default_listener;
  refuseEqualPriorities(listeners, fault);
  if (policy.min_length > policy.max_length) throw fault(['identity_mgt', 'password_policy', 'min_length'], `expected at most max_length (${policy.max_length}), got ${policy.min_length}`);
  return {
    server,
    superAdmin: toml.super_admin,
    identityDatabase: databaseSettings(toml.database.identity_db),
    notificationDatabase: databaseSettings(toml.database.notification_db),
    kafka: kafkaSettings(toml.kafka),
    email: emailSettings(toml.output_adapter.email, fault),
    listeners,
    passwordRecovery: {
      enable: resetEmail.enable_password_reset_email,
      linkValidityMinutes: Math.floor(resetEmail.reset_mail_validity / 60),
      notifyOnReset: resetEmail.notify_on_reset,
      manageInternally: recovery.notification.manage_internally,
      callbackPattern: recovery.callback_url ?? `${escapePattern(server.baseUrl)}(?:/.*)?`,
      cooldownSeconds: resetEmail.cooldown,
      maxResendAttempts: resend.max_resend_attempts,
    },
    passwordPolicy: { enable: policy.enable, minLength: policy.min_length, maxLength: policy.max_length, pattern: policy.pattern ?? null },
    delivery: { concurrency: toml.delivery.concurrency, defaultLocale: toml.delivery.default_locale },
    keys: {
      sealingPublicKey: toml.keys.sealing.public_key ?? null,
      sealingPrivateKeys: toml.keys.sealing.private_keys,
      signingPrivateKey: toml.keys.signing.private_key ?? null,
      publishers: toml.event_publisher.map(({ source, public_key: publicKey, link_bases: linkBases }) => ({ source, publicKey, linkBases })),
    },
  };
}

function serverSettings({ server, transport }: DeploymentToml, fault: Fault): ServerSettings {
  const httpsPort = transport.https.properties.port + server.offset;
  const baseUrl = (server.base_path ?? `https://${server.hostname}:${httpsPort}`).replace('$ref{server.hostname}', server.hostname).replace(/\/+$/, '');
  if (!URL.canParse(baseUrl)) throw fault(['server', 'base_path'], `expected a URL such as "https://id.example.com", got "${baseUrl}"`);
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopbackHosts.includes(hostname))) throw fault(['server', 'base_path'], `expected an https URL, got "${baseUrl}": recovery links over plain http can be read on their way`);
  return { hostname: server.hostname, offset: server.offset, baseUrl, listenAddress: server.listen_address, httpsPort, httpPort: transport.http.properties.port + server.offset };
}

function databaseSettings(database: DeploymentToml['database']['identity_db']): DatabaseSettings | null {
  if (!database) return null;
  const { hostname: host, port, name, username, password, pool_size: poolSize, ssl } = database;
  return { host, port, name, username, password, poolSize, ssl };
}

function kafkaSettings(kafka: DeploymentToml['kafka']): KafkaSettings | null {
  if (!kafka) return null;
  const { brokers, client_id: clientId, partitions, replication_factor: replicationFactor, ssl, sasl } = kafka;
  return { brokers, clientId, partitions, replicationFactor, ssl, sasl: sasl ?? null };
}

function emailSettings(email: DeploymentToml['output_adapter']['email'], fault: Fault): EmailRelaySettings | null {
  if (!email) return null;
  const { hostname: host, port, from_address: fromAddress, signature: fromName, username, password, enable_start_tls: enableStartTls, enable_authentication: authenticate } = email;
  if (!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(fromAddress)) throw fault(['output_adapter', 'email', 'from_address'], `expected a mail address, got "${fromAddress}"`);
  if (!authenticate) return { host, port, fromAddress, fromName, enableStartTls, credentials: null };
  if (username === undefined || password === undefined) throw fault(['output_adapter', 'email'], 'expected username and password, or enable_authentication = false');
  return { host, port, fromAddress, fromName, enableStartTls, credentials: { username, password } };
}

/** In WSO2 the second one silently replaces the first. */
function refuseEqualPriorities(listeners: Readonly<Record<string, { readonly priority: number }>>, fault: Fault): void {
  const seen = new Map<number, string>();
  for (const [name, { priority }] of Object.entries(listeners)) {
    const other = seen.get(priority);
    if (other !== undefined) throw fault(['event', 'default_listener', name, 'priority'], `${priority} is the priority of ${other} too: give each listener its own`);
    seen.set(priority, name);
  }
}

function escapePattern(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

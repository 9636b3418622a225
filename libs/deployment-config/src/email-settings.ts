import type { DkimKeySettings, DkimSettings, EmailSettings, MailRelaySettings, MailTls } from './deployment-config.ts';
import type { DeploymentLayers } from './deployment-layers.ts';
import type { KeyPath } from './key-path.ts';
import { isLoopbackHost } from './loopback.ts';
import type { DeploymentToml } from './schema.ts';

type EmailTable = NonNullable<DeploymentToml['output_adapter']['email']>;
/** What `[output_adapter.email]` and each `[[output_adapter.email.relay]]` have in common. */
type RelayTable = EmailTable['relay'][number];

const emailPath: KeyPath = ['output_adapter', 'email'];
/** Implicit TLS (RFC 8314). */
const smtpsPort = 465;

/** @throws DeploymentConfigError where two relays have one name, or a password would go out in the clear */
export function emailSettings(email: EmailTable | undefined, concurrency: number, layers: DeploymentLayers): EmailSettings | null {
  if (!email) return null;
  if (email.tls !== undefined && layers.writes([...emailPath, 'enable_start_tls'])) throw layers.refusal([...emailPath, 'tls'], 'enable_start_tls says the same in another way: leave one of them out');
  const relays = [email, ...email.relay].map((relay, index) => {
    const isClear = email.hosts_without_tls.includes(relay.hostname) || (index === 0 && !email.enable_start_tls);
    return relaySettings(relay, pathOf(index), { priority: index === 0 ? 1 : 2, connections: concurrency, tls: isClear ? 'none' : 'starttls' }, layers);
  });
  for (const [index, { name }] of relays.entries()) {
    if (relays.findIndex((other) => other.name === name) < index) throw layers.refusal(pathOf(index), `there is a relay of the name ${JSON.stringify(name)} already: expected a name of its own`);
  }
  return { fromAddress: email.from_address, fromName: email.signature, relays, dkim: dkimSettings(email, layers) };
}

/** @param index of the relay: the table's own is the first */
function pathOf(index: number): KeyPath {
  return index === 0 ? emailPath : [...emailPath, 'relay', index - 1];
}

function relaySettings(relay: RelayTable, path: KeyPath, defaults: Pick<MailRelaySettings, 'priority' | 'connections' | 'tls'>, layers: DeploymentLayers): MailRelaySettings {
  const { hostname: host, port } = relay;
  const tls = relay.tls ?? (port === smtpsPort ? 'implicit' : defaults.tls);
  return {
    name: relay.name ?? host,
    host,
    port,
    priority: relay.priority ?? defaults.priority,
    tls,
    credentials: relay.enable_authentication ? credentialsOf(relay, tls, path, layers) : null,
    connections: relay.max_connections ?? defaults.connections,
    mailsPerSecond: relay.mails_per_second ?? null,
  };
}

function credentialsOf({ hostname, username, password }: RelayTable, tls: MailTls, path: KeyPath, layers: DeploymentLayers): MailRelaySettings['credentials'] {
  if (username === undefined || password === undefined) throw layers.refusal(path, 'expected username and password, or enable_authentication = false');
  if (tls === 'none' && !isLoopbackHost(hostname)) throw layers.refusal([...path, 'password'], `without TLS it would go to ${hostname} in the clear: expected TLS, or enable_authentication = false`);
  return { username, password };
}

function dkimSettings({ dkim, from_address: from }: EmailTable, layers: DeploymentLayers): DkimSettings | null {
  if (!dkim) return null;
  const domainOfSender = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
  const domain = (dkim.domain ?? domainOfSender).toLowerCase();
  // Any other signature says nothing about the sender (DMARC, RFC 7489 section 3.1.1).
  if (!`.${domainOfSender}`.endsWith(`.${domain}`)) throw layers.unexpected([...emailPath, 'dkim', 'domain'], `the domain of from_address (${domainOfSender}), or one above it`);
  return { domain, keys: [{ algorithm: 'rsa-sha256', selector: dkim.selector, privateKey: dkim.private_key }, ...ed25519KeyOf(dkim, layers)] };
}

/** Beside the RSA key, as not everybody verifies it, and under a selector of its own: an entry of the DNS has one key. */
function ed25519KeyOf({ selector: taken, ed25519_selector: selector, ed25519_private_key: privateKey }: NonNullable<EmailTable['dkim']>, layers: DeploymentLayers): readonly DkimKeySettings[] {
  if (selector === undefined && privateKey === undefined) return [];
  if (selector === undefined || selector === taken) throw layers.unexpected([...emailPath, 'dkim', 'ed25519_selector'], 'a selector other than the one of the RSA key');
  if (privateKey === undefined) throw layers.unexpected([...emailPath, 'dkim', 'ed25519_private_key'], 'an Ed25519 private key, as PEM text');
  return [{ algorithm: 'ed25519-sha256', selector, privateKey }];
}

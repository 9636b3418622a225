import { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import type { KeyPath } from '../key-path.ts';
import { isLoopbackHost } from '../loopback.ts';
import { arrayOfTables, list, table } from '../table.ts';
import { refuseRepeatedNames } from '../unique-names.ts';
import { hostName, mailAddress } from '../values/addresses.ts';
import { dkimSelector, ed25519PrivateKey, rsaPrivateKey } from '../values/keys.ts';
import { mailsPerSecond, secretText, shortName, text, toggle, whole } from '../values/scalars.ts';

export interface EmailSettings {
  readonly fromAddress: string;
  /** `signature`: the display name of the From header. */
  readonly fromName: string;
  /** The one of `[output_adapter.email]` itself, then those of `[[output_adapter.email.relay]]`. */
  readonly relays: readonly MailRelaySettings[];
  /** `[output_adapter.email.dkim]`; null: mails are not signed here. */
  readonly dkim: DkimSettings | null;
}

export interface DkimSettings {
  /** Default: that of the `from_address`. */
  readonly domain: string;
  /** The RSA key, and the Ed25519 one where there is one: a mail has a signature by each. */
  readonly keys: readonly DkimKeySettings[];
}

export interface DkimKeySettings {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** `starttls`: required. `opportunistic`: STARTTLS where it is offered, else in the clear. `implicit`: from the first byte on (RFC 8314). */
export type MailTls = 'starttls' | 'opportunistic' | 'implicit' | 'none';

export interface MailRelaySettings {
  /** In logs, metrics and the delivery log; no two have the same. Default: the host. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The lower is asked first; those of one priority share the mails. Default: 1 for `[output_adapter.email]` itself, 2 for the others. */
  readonly priority: number;
  readonly tls: MailTls;
  /** `null` where `enable_authentication = false`. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  /** Of one notification service, at once. Default: `delivery.concurrency`. */
  readonly connections: number;
  /** Of one notification service; null: as many as it takes. */
  readonly mailsPerSecond: number | null;
}

/** A mail relay, as `[output_adapter.email]` describes one and `[[output_adapter.email.relay]]` others. */
const relay = {
  name: shortName.optional(),
  hostname: text('the host name of your mail relay'),
  port: whole(1, 65_535).prefault(587),
  priority: whole(1, 1_000).optional(),
  username: text().optional(),
  password: secretText.optional(),
  enable_authentication: toggle.prefault(true),
  tls: z.enum(['starttls', 'opportunistic', 'implicit', 'none'], { error: '"starttls" (required), "opportunistic", "implicit" or "none"' }).optional(),
  max_connections: whole(1, 1_000).optional(),
  mails_per_second: mailsPerSecond.optional(),
};

export const emailToml = table({
  ...relay,
  from_address: mailAddress,
  signature: text().prefault('Rekey'),
  enable_start_tls: toggle.prefault(true),
  /** Rekey's: relays that mails go to in the clear, whatever `enable_start_tls` says, such as a mail catcher on the same machine. */
  hosts_without_tls: list(text('a host name'), 'a list of host names').prefault([]),
  dkim: table({ domain: hostName.optional(), selector: dkimSelector, private_key: rsaPrivateKey, ed25519_selector: dkimSelector.optional(), ed25519_private_key: ed25519PrivateKey.optional() }).optional(),
  relay: arrayOfTables('output_adapter.email.relay', relay).prefault([]),
}).optional();

type EmailTable = NonNullable<z.output<typeof emailToml>>;
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
  refuseRepeatedNames('relay', relays.map(({ name }) => name), pathOf, layers);
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

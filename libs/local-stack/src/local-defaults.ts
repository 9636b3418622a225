import { stringify } from 'smol-toml';
import type { LocalKeys } from './local-keys.ts';
import type { LocalPorts } from './ports.ts';
import type { DatabaseSettings } from './postgres/databases.ts';

/** Who signs events in a local stack; both services share its one signing key. */
const localPublishers = ['urn:rekey:recovery-service', 'urn:rekey:notification-service'];

export interface LocalDefaults {
  readonly ports: LocalPorts;
  readonly keys: LocalKeys;
  /** null where the operator's file names one of its own: nothing of a local database's settings may mix with it. */
  readonly identityDatabase: DatabaseSettings | null;
  /** null likewise. */
  readonly notificationDatabase: DatabaseSettings | null;
  /** Where My Account is: every link lies below it. */
  readonly baseUrl: string;
  /** False where the operator's file names a relay of its own: then nothing of the catcher's settings may mix with it. */
  readonly mailCatcher: boolean;
  /** `host:port` of the brokers; none where the bus is embedded. */
  readonly brokers: readonly string[];
  /** Whether a gateway of this machine stands in front, so that loopback tells whom it took a request from. */
  readonly behindGateway?: boolean;
  /** Origins of the notification services, where they are processes of their own. */
  readonly notificationServices?: readonly string[];
}

/** What the local modes started for themselves, as the `deployment.toml` text that lies beneath the operator's own file. Holds secrets. */
export function localDefaults({ ports, keys, identityDatabase, notificationDatabase, baseUrl, mailCatcher, brokers, behindGateway = false, notificationServices = [] }: LocalDefaults): string {
  const { sealing, signing } = keys;
  const server = { ...(behindGateway ? { trusted_proxies: ['127.0.0.1', '::1'] } : {}), ...(notificationServices.length > 0 ? { notification_services: [...notificationServices] } : {}) };
  return stringify({
    ...(Object.keys(server).length > 0 ? { server } : {}),
    database: {
      ...(identityDatabase ? { identity_db: databaseTable(identityDatabase) } : {}),
      ...(notificationDatabase ? { notification_db: databaseTable(notificationDatabase) } : {}),
    },
    ...(brokers.length > 0 ? { kafka: { brokers: [...brokers] } } : {}),
    ...(mailCatcher
      ? { output_adapter: { email: { hostname: '127.0.0.1', port: ports.inboxSmtp, from_address: `no-reply@${new URL(baseUrl).hostname}`, signature: 'Rekey', enable_start_tls: false, enable_authentication: false } } }
      : {}),
    keys: {
      sealing: { public_key: JSON.stringify(sealing.publicKey), private_keys: [JSON.stringify(sealing.privateKey)] },
      signing: { private_key: JSON.stringify(signing.privateKey) },
    },
    event_publisher: localPublishers.map((source) => ({ source, public_key: JSON.stringify(signing.publicKey), link_bases: [baseUrl] })),
  });
}

function databaseTable({ host, port, name, username, password, poolSize }: DatabaseSettings) {
  return { type: 'postgre', hostname: host, port, name, username, password, pool_size: poolSize };
}

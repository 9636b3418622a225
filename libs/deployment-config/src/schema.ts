import { z } from 'zod';
import { duration, jwk, pattern, text, toggle, whole } from './values.ts';

/** The keys that Rekey reads, section by section, as they stand in the file. Everything is optional here; what a service cannot do without it says itself. */
const table = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? 'expected a table' : undefined) });

const listener = (priority: string, enable: boolean) => table({ priority: whole(0, 10_000).prefault(priority), enable: toggle.prefault(enable) }).prefault({});
const storeListener = table({ priority: whole(0, 10_000).prefault('97'), enable: toggle.prefault(true), data_store: text().optional(), enable_hybrid_data_store: toggle.prefault(false) }).prefault({});

const database = table({
  type: text('"postgre"').optional(),
  hostname: text('a host name').prefault('localhost'),
  port: whole(1, 65_535).prefault(5432),
  name: text('the name of a database'),
  username: text(),
  password: text(),
  pool_size: whole(1, 200).prefault(10),
  ssl: toggle.prefault(false),
});

const transport = (port: number) => table({ properties: table({ port: whole(1, 65_535).prefault(port) }).prefault({}) }).prefault({});

const longestLinkSeconds = 24 * 3_600;

export const deploymentToml = table({
  server: table({
    hostname: text('a host name').prefault('localhost'),
    base_path: text('a URL').optional(),
    offset: whole(0, 50_000).prefault(0),
    listen_address: text('an IP address').prefault('127.0.0.1'),
  }).prefault({}),
  super_admin: table({ username: text().prefault('admin'), password: text().prefault('admin') }).prefault({}),
  transport: table({ https: transport(9443), http: transport(9763) }).prefault({}),
  database: table({ identity_db: database.optional(), notification_db: database.optional() }).prefault({}),
  kafka: table({
    brokers: z.array(text('"host:port"'), { error: 'expected a list of "host:port"' }).min(1, 'expected at least one "host:port"'),
    client_id: text().prefault('rekey'),
    partitions: whole(1, 1_000).prefault(6),
    replication_factor: whole(1, 10).prefault(1),
    ssl: toggle.prefault(false),
    sasl: table({ mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512'], { error: 'expected "plain", "scram-sha-256" or "scram-sha-512"' }), username: text(), password: text() }).optional(),
  }).optional(),
  output_adapter: table({
    email: table({
      hostname: text('the host name of your mail relay'),
      port: whole(1, 65_535).prefault(587),
      from_address: text('a mail address'),
      signature: text().prefault('Rekey'),
      username: text().optional(),
      password: text().optional(),
      enable_start_tls: toggle.prefault(true),
      enable_authentication: toggle.prefault(true),
    }).optional(),
  }).prefault({}),
  event: table({
    default_listener: table({
      identity_mgt: listener('50', false),
      governance_identity_mgt: listener('95', true),
      governance_identity_store: storeListener,
    }).prefault({}),
  }).prefault({}),
  identity_mgt: table({
    password_reset_email: table({
      enable_password_reset_email: toggle.prefault(false),
      reset_mail_validity: duration(60, longestLinkSeconds, 'm', 'a duration from "1m" to "24h": a link that works longer is a risk').prefault('60m'),
      notify_on_reset: toggle.prefault(true),
      cooldown: duration(0, 3_600, 's', 'a duration from "0s" to "1h"').prefault('60s'),
    }).prefault({}),
    recovery: table({
      callback_url: pattern.optional(),
      notification: table({ manage_internally: toggle.prefault(true) }).prefault({}),
    }).prefault({}),
    resend_notification: table({ max_resend_attempts: whole(0, 100).prefault(5) }).prefault({}),
    password_policy: table({
      enable: toggle.prefault(true),
      min_length: whole(8, 128).prefault(15),
      max_length: whole(64, 128).prefault(128),
      pattern: pattern.optional(),
    }).prefault({}),
  }).prefault({}),
  delivery: table({ concurrency: whole(1, 1_000).prefault(10), default_locale: text('a locale such as "en_US"').prefault('en_US') }).prefault({}),
  keys: table({
    sealing: table({ public_key: jwk.optional(), private_keys: z.array(jwk).prefault([]) }).prefault({}),
    signing: table({ private_key: jwk.optional() }).prefault({}),
  }).prefault({}),
  event_publisher: z.array(table({ source: text(), public_key: jwk, link_bases: z.array(text('a URL')).prefault([]) })).prefault([]),
  secrets: z.record(z.string(), text()).prefault({}),
});

export type DeploymentToml = z.output<typeof deploymentToml>;

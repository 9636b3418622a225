import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDeploymentConfig, type DatabaseSettings } from '@rekey/deployment-config';
import { startKafka } from '@rekey/kafka';
import { freePort, localDefaults, localKeys, localPorts } from '@rekey/local-stack';
import { Database, EmbeddedTransport, KafkaTransport, type EventTransport } from '@rekey/messaging';
import { createNotificationService, type NotificationService } from '@rekey/notification-service';
import { createLogger, Metrics, type Logger } from '@rekey/observability';
import { createRecoveryService, notificationServicesAt, type RecoveryService } from '@rekey/recovery-service';
import { aDatabase, anSmtpSink, until, type ReceivedMail, type SmtpSink } from '@rekey/test-kit';
import { simpleParser, type ParsedMail } from 'mailparser';

/** How the two services hear of each other. */
export interface Bus {
  /** The recovery service's end and the notification service's, for as long as they run. */
  connect(): readonly [EventTransport, EventTransport];
  /** `host:port` of the brokers; none where the bus is embedded. */
  readonly brokers: readonly string[];
  /** Where the broker keeps its records; null for none. */
  readonly dataFolder: string | null;
  stop(): Promise<void>;
}

export async function embeddedBus(): Promise<Bus> {
  const connect = () => {
    const transport = new EmbeddedTransport();
    return [transport, transport] as const;
  };
  return { connect, brokers: [], dataFolder: null, stop: async () => undefined };
}

/** A broker of its own: topics and groups have fixed names, and other specs use them too. */
export async function kafkaBus(): Promise<Bus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekey-kafka-'));
  const kafka = await startKafka({ folder, port: await freePort(), controllerPort: await freePort() });
  const settings = { brokers: kafka.brokers, clientId: 'test', partitions: 3, replicationFactor: 1, sessionTimeoutSeconds: 10, ssl: false, sasl: null };
  const transport = () => new KafkaTransport(settings, { log: quiet, onFatal: (error) => quiet.error({ err: error }) });
  return {
    connect: () => [transport(), transport()],
    brokers: kafka.brokers,
    dataFolder: folder,
    stop: async () => {
      await kafka.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const quiet: Logger = createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
export const baseUrl = 'https://id.example.com';

interface Running {
  readonly recovery: RecoveryService;
  readonly notification: NotificationService;
  readonly url: string;
  readonly notificationUrl: string;
}

/** Both services on real databases and a real relay; only the bus differs. */
export class BothServices {
  private constructor(
    readonly sink: SmtpSink,
    /** The recovery service's, and the notification service's. */
    readonly databases: readonly [Database, Database],
    private running: Running,
    private readonly startBoth: () => Promise<Running>,
    private readonly clean: () => Promise<void>,
  ) {}

  /** @param more of `deployment.toml` */
  static async start(bus: Bus, more = ''): Promise<BothServices> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-'));
    const [keys, sink, ...databases] = await Promise.all([localKeys(folder), anSmtpSink(), aDatabase(), aDatabase()]);
    const [identityDatabase, notificationDatabase] = databases.map(({ settings }) => ({ ...settings, ssl: false })) as [DatabaseSettings, DatabaseSettings]; // as many as were just made
    const own = `
      [server]
      base_path = "${baseUrl}"
      [identity_mgt.password_reset_email]
      enable_password_reset_email = true
      [rate_limit]
      requests_per_address_per_minute = 1000000
      mails_per_account_per_hour = 1000
      [identity_mgt.account_locking]
      enable_account_locking = true
      [output_adapter.email]
      hostname = "${sink.host}"
      port = ${sink.port}
      from_address = "no-reply@id.example.com"
      enable_start_tls = false
      enable_authentication = false`;
    const beneath = localDefaults({ ports: localPorts(0), keys, identityDatabase, notificationDatabase, baseUrl, mailCatcher: false, brokers: bus.brokers });
    const { config } = loadDeploymentConfig([{ name: 'more', toml: more }, { name: 'test', toml: own }, { name: 'local', toml: beneath }], {});
    const startBoth = async (): Promise<Running> => {
      const metrics = { recovery: new Metrics('recovery-service'), notification: new Metrics('notification-service') };
      for (const one of Object.values(metrics)) one.configReloads();
      const [recoveryEnd, notificationEnd] = bus.connect();
      const notification = await createNotificationService({ config, transport: notificationEnd, log: quiet, metrics: metrics.notification, port: 0 });
      await notification.start();
      const notificationUrl = (await notification.url()) ?? '';
      const recovery = await createRecoveryService({ config, transport: recoveryEnd, log: quiet, metrics: metrics.recovery, askNotificationService: notificationServicesAt([notificationUrl]) });
      return { recovery, notification, notificationUrl, url: `http://127.0.0.1:${await recovery.listen(0, '127.0.0.1')}` };
    };
    const running = await startBoth();
    const looks = [await Database.open({ ...identityDatabase, poolSize: 2 }, []), await Database.open({ ...notificationDatabase, poolSize: 2 }, [])] as const;
    return new BothServices(sink, looks, running, startBoth, async () => {
      await Promise.all(looks.map((database) => database.close()));
      await sink.close();
      await Promise.all(databases.map((database) => database.drop()));
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** The recovery service's. */
  get url(): string {
    return this.running.url;
  }

  /** What Prometheus would read of the recovery service, and of the notification service: each sample's text by its name and labels, but for the service's. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.scraped()).filter((line) => line.startsWith('rekey_')).map((line) => {
      const [sample = '', value = ''] = line.split(' ');
      return [sample.replace(/service="[^"]*",|,?service="[^"]*"/, '').replace('{}', ''), Number(value)] as const;
    }));
  }

  /** The names of Rekey's own metrics, whether or not there is a sample of them. */
  async declaredMetrics(): Promise<ReadonlySet<string>> {
    return new Set((await this.scraped()).flatMap((line) => /^# TYPE (rekey_\w+) /.exec(line)?.[1] ?? []));
  }

  /** Ends both as a deployment does, and starts them again on what they left. */
  async restart(): Promise<void> {
    await this.stopBoth();
    this.running = await this.startBoth();
  }

  async stop(): Promise<void> {
    await this.stopBoth();
    await this.clean();
  }

  /** As the administrator, unless somebody else is named: `user:password`. */
  async ask(method: string, address: string, body?: unknown, as = 'admin@carbon.super:admin', headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }> {
    const authorization = `Basic ${Buffer.from(as).toString('base64')}`;
    const answer = await fetch(this.running.url + address, { method, ...(body === undefined ? { headers: { authorization, ...headers } } : { headers: { authorization, ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text };
  }

  async post(address: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    return this.ask('POST', address, body);
  }

  async aUser(username: string, more: object = {}): Promise<void> {
    const { status } = await this.post('/scim2/Users', { userName: username, emails: [`${username}@example.com`], ...more });
    if (status !== 201) throw new Error(`the user was not made: ${status}`);
  }

  async recover(username: string, headers?: Readonly<Record<string, string>>): Promise<number> {
    return (await this.ask('POST', '/api/identity/recovery/v0.9/recover-password?type=email&notify=true', { user: { username, realm: 'PRIMARY' }, properties: [] }, undefined, headers)).status;
  }

  async resend(username: string): Promise<number> {
    return (await this.post('/api/identity/user/v1.0/resend-code', { user: { username, realm: 'PRIMARY' }, properties: [{ key: 'RecoveryScenario', value: 'NOTIFICATION_BASED_PW_RECOVERY' }] })).status;
  }

  async setPassword(key: string, password: string): Promise<number> {
    return (await this.post('/api/identity/recovery/v0.9/set-password', { key, password, properties: [] })).status;
  }

  async signIn(username: string, password: string): Promise<number> {
    return (await this.post('/api/rekey/v1/session', { username, password })).status;
  }

  /** Waits for a user's mails, oldest first. */
  async mailsTo(username: string, count: number): Promise<Mail[]> {
    const address = `${username}@example.com`;
    const own = () => this.sink.mails.filter(({ envelope }) => envelope.to.includes(address));
    const mails = await until(own, ({ length }) => length >= count);
    return Promise.all(mails.map(async (received) => ({ received, parsed: await simpleParser(received.raw) })));
  }

  private async scraped(): Promise<string[]> {
    const texts = await Promise.all([this.running.url, this.running.notificationUrl].map(async (url) => (await fetch(`${url}/metrics`)).text()));
    return texts.join('\n').split('\n');
  }

  private async stopBoth(): Promise<void> {
    await this.running.recovery.stop();
    await this.running.notification.stop();
  }
}

export interface Mail {
  readonly received: ReceivedMail;
  readonly parsed: ParsedMail;
}

/** The key of a mail's link. @throws Error where it has none */
export function keyIn({ parsed }: Mail): string {
  const key = /#key=([\w-]+)/.exec(parsed.text ?? '')?.[1];
  if (key === undefined) throw new Error(`no recovery link in "${parsed.subject ?? ''}"`);
  return key;
}

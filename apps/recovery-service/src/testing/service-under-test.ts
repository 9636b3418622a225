import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDeploymentConfig, RunningValues, type DeploymentConfig } from '@rekey/deployment-config';
import { EventReader, SecretOpener, topics, type DeliveryOutcome, type EventType, type MailBrandOutcome, type MailTemplateOutcome, type RecoveryEventOf, type RelayOutcome, type SuppressionOutcome, type WebhookOutcome } from '@rekey/events';
import { Database, EmbeddedTransport, type IncomingRecord } from '@rekey/messaging';
import { createLogger, Metrics } from '@rekey/observability';
import { localDefaults, localKeys, localPorts } from '@rekey/local-stack';
import { aDatabase, until } from '@rekey/test-kit';
import { createRecoveryService, NotificationServiceAway, type RecoveryService } from '../index.ts';
import { disagreement } from './documented.ts';

export const baseUrl = 'https://id.example.com';
/** A test asks more in a second than a person in a day, and all from one address. */
const unhurriedLimits = '[rate_limit]\nrequests_per_address_per_minute = 1000000\nmails_per_account_per_hour = 1000\nfailed_sign_ins_per_account_per_hour = 10000\n';

/** WSO2's error body. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly description: string;
  readonly traceId: string;
  readonly key?: string;
  readonly reasons?: readonly { readonly code: string; readonly message: string }[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; null where it is none. */
  readonly body: unknown;
}

export interface AskOptions {
  readonly method?: string;
  /** Sent as JSON, unless it is text already. */
  readonly body?: unknown;
  /** `user:password`; null for none. Default: the administrator's. */
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another instance's address. */
  readonly at?: string;
}

export interface Route {
  readonly method: string;
  readonly path: string;
}

interface Instance {
  readonly service: RecoveryService;
  readonly url: string;
}

/** The service over real HTTP on a real database; at the other end of the bus, whoever would mail: it opens the sealed keys. */
export class ServiceUnderTest {
  private constructor(
    readonly service: RecoveryService,
    readonly database: Database,
    readonly url: string,
    /** With which another process is an instance of it. */
    readonly config: DeploymentConfig,
    /** What arrived at the other end, read and believed, oldest first. */
    readonly events: readonly RecoveryEventOf<EventType>[],
    private readonly secrets: SecretOpener,
    /** How many requests have come so far. */
    readonly received: () => number,
    /** Every method and path that it answers to, as they are declared. */
    readonly routes: readonly Route[],
    /** Starts another instance on the same database. */
    readonly anotherInstance: () => Promise<Instance>,
    /** Applies another `deployment.toml` of the operator's. */
    readonly reconfigure: (toml: string) => Promise<void>,
    private readonly end: RecoveryService['stop'],
  ) {}

  /**
   * @param toml the operator's own `deployment.toml`
   * @param left out of what the local stack would say
   * @param keeper of the mail templates, of brands and of what became of mails, who answers requests of a type; without one, nobody can be reached
   */
  static async start(toml = '', left?: RegExp, keeper?: (type: string, asked: unknown) => MailTemplateOutcome | MailBrandOutcome | DeliveryOutcome | SuppressionOutcome | RelayOutcome | WebhookOutcome): Promise<ServiceUnderTest> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-'));
    const [keys, test] = await Promise.all([localKeys(folder), aDatabase()]);
    const own = `[server]\nbase_path = "${baseUrl}"\n[identity_mgt.password_reset_email]\nenable_password_reset_email = true\n${unhurriedLimits}`;
    const settings = { ...test.settings, poolSize: 10, ssl: false };
    const beneath = localDefaults({ ports: localPorts(0), keys, identityDatabase: settings, notificationDatabase: settings, baseUrl, mailCatcher: false, brokers: [] }).replace(left ?? '', '');
    const deploymentOf = (operators: string) => loadDeploymentConfig([{ name: 'deployment.toml', toml: operators }, { name: 'own', toml: own }, { name: 'local', toml: beneath }], {});
    const deployment = deploymentOf(toml);
    const { config } = deployment;
    const running = new RunningValues(deployment);

    const reader = new EventReader(config.keys.publishers);
    const events: RecoveryEventOf<EventType>[] = [];
    const accept = async (records: readonly IncomingRecord[]): Promise<void> => {
      for (const record of records) {
        const result = reader.read(record);
        if (result.kind === 'unreadable') throw new Error(result.reason);
        events.push(result.event);
      }
    };
    let received = 0;
    const routes: Route[] = [];
    const startOne = async (): Promise<Instance> => {
      const transport = new EmbeddedTransport();
      await transport.subscribe(topics.recovery, 'notification-service', accept);
      const service = await createRecoveryService({
        config,
        running,
        metrics: new Metrics('recovery-service'),
        transport,
        askNotificationService: async ({ headers, body }) => {
          if (!keeper) throw new NotificationServiceAway();
          return keeper(headers['ce-type'] ?? '', JSON.parse(Buffer.from(body).toString()));
        },
        log: createLogger('test', { level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
        furnish: async (fastify) => {
          fastify.addHook('onRequest', async () => void received++);
          fastify.addHook('onRoute', ({ method, url }) => void routes.push(...[method].flat().map((one) => ({ method: one, path: url }))));
        },
      });
      return { service, url: `http://127.0.0.1:${await service.listen(0, '127.0.0.1')}` };
    };
    const { service, url } = await startOne();
    const secrets = await SecretOpener.from(config.keys.sealingPrivateKeys);
    const database = await Database.open({ ...settings, poolSize: 2 }, []);
    return new ServiceUnderTest(service, database, url, config, events, secrets, () => received, routes, startOne, async (operators) => {
      const next = deploymentOf(operators);
      await service.reconfigure(next.config);
      running.follow(next);
    }, async (options) => {
      await service.stop(options);
      await database.close();
      await test.drop();
      await rm(folder, { recursive: true, force: true });
    });
  }

  get users(): RecoveryService['users'] {
    return this.service.users;
  }

  async stop(options?: Parameters<RecoveryService['stop']>[0]): Promise<void> {
    await this.end(options);
  }

  /** Fails where the answer is not as its OpenAPI document has it. */
  async ask(address: string, { method, body, as = 'admin@carbon.super:admin', headers = {}, at = this.url }: AskOptions = {}): Promise<Answer> {
    const asked = method ?? (body === undefined ? 'GET' : 'POST');
    const answer = await fetch(at + address, {
      method: asked,
      headers: {
        ...(as === null ? {} : { authorization: `Basic ${Buffer.from(as).toString('base64')}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await answer.text();
    const wrong = disagreement(asked, address, { status: answer.status, headers: answer.headers, text });
    if (wrong !== null) throw new Error(wrong);
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  }

  /** A user of this name, made by SCIM. @returns the name */
  async aUser(username: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const answer = await this.ask('/scim2/Users', { body: { userName: username, password: `first password of ${username.length}`, emails: [`${username}@example.com`], ...more } });
    if (answer.status !== 201) throw new Error(`the user was not made: ${answer.status} ${answer.text}`);
    return username;
  }

  /** A tenant of this domain with its administrator `boss`. @returns the administrator's credentials, for `as` */
  async aTenant(domain: string): Promise<string> {
    const password = randomUUID();
    const owner = { username: 'boss', password, email: `boss@${domain}`, firstname: 'Robin', lastname: 'Okafor', provisioningMethod: 'inline-password' };
    const answer = await this.ask('/api/server/v1/tenants', { body: { domain, owners: [owner] } });
    if (answer.status !== 201) throw new Error(`the tenant was not made: ${answer.status} ${answer.text}`);
    return `boss@${domain}:${password}`;
  }

  async recover(username: string, query = 'type=email&notify=true', more: object = {}): Promise<Answer> {
    return this.ask(`/api/identity/recovery/v0.9/recover-password?${query}`, { body: { user: { username, realm: 'PRIMARY', 'tenant-domain': 'carbon.super' }, properties: [], ...more } });
  }

  async setPassword(key: unknown, password: unknown): Promise<Answer> {
    return this.ask('/api/identity/recovery/v0.9/set-password', { body: { key, password, properties: [] } });
  }

  eventsOf<T extends EventType>(type: T, username: string): readonly RecoveryEventOf<T>[] {
    return this.events.filter((event): event is RecoveryEventOf<T> => event.type === type && 'user' in event.data && event.data.user.username === username);
  }

  /** Waits for the user's nth event with a key, and opens that as the notification service would. */
  async keyOf(username: string, nth = 1, type: 'PasswordRecoveryRequested' | 'AccountConfirmationRequested' = 'PasswordRecoveryRequested'): Promise<string> {
    await until(() => this.eventsOf(type, username).length >= nth);
    const data = this.eventsOf(type, username)[nth - 1]?.data;
    return this.secrets.open(data?.sealedSecret ?? '', data?.recoveryId ?? '');
  }

  /** Of a browser that somebody has signed in with. @param credentials `name:password` @param tenant whose path it signs in below: `/t/acme.example` */
  async cookieOf(credentials: string, tenant = ''): Promise<string> {
    const [username, ...password] = credentials.split(':');
    const answer = await this.ask(`${tenant}/api/rekey/v1/session`, { as: null, body: { username, password: password.join(':') } });
    if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${answer.text}`);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async mayGo(username: string, password: string): Promise<boolean> {
    return (await this.ask('/api/rekey/v1/session', { as: null, body: { username, password } })).status === 200;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

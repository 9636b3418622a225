import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startKafka, type LocalKafka } from '@rekey/kafka';
import { freePort, localDefaults, localKeys, localPorts } from '@rekey/local-stack';
import { Database } from '@rekey/messaging';
import { aDatabase, anSmtpSink, endWithRun, type SmtpSink, type SmtpSinkOptions } from '@rekey/test-kit';
import { OwnPostgres } from './own-postgres.ts';
import { spawnProgram, startProgram, type StartedProgram } from './started-program.ts';

const administrator = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
const baseUrl = 'https://id.example.com';

export interface SeparateServicesOptions {
  readonly relay: SmtpSinkOptions;
  /** How long a link works; default `60m`. */
  readonly linkValidity?: string;
  /** Whether PostgreSQL is theirs alone, to be stopped and killed; else they share the one of the test run. */
  readonly ownPostgres?: boolean;
}

/** Recovery service, notification service and Kafka, each a process of its own, with real databases and a relay of the test's. */
export class SeparateServices {
  private kafka: { readonly broker: LocalKafka; readonly forget: () => Promise<void> } | null = null;
  private readonly programs = new Set<StartedProgram>();
  private readonly ended: StartedProgram[] = [];

  private constructor(
    readonly sink: SmtpSink,
    /** A look into the notification service's. */
    readonly notificationDatabase: Database,
    /** And into the recovery service's. */
    readonly recoveryDatabase: Database,
    readonly postgres: OwnPostgres | null,
    private readonly recoveryPort: number,
    private readonly kafkaOptions: Parameters<typeof startKafka>[0] & { readonly port: number },
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly clean: () => Promise<void>,
  ) {}

  /** Starts Kafka and the recovery service; the notification service is started by the test. */
  static async start({ relay, linkValidity = '60m', ownPostgres = false }: SeparateServicesOptions): Promise<SeparateServices> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-separate-'));
    const postgres = ownPostgres ? await OwnPostgres.start(path.join(folder, 'postgres')) : null;
    const database = async () => postgres?.aDatabase() ?? aDatabase();
    const [keys, sink, identity, notification, recoveryPort, port, controllerPort] = await Promise.all([
      localKeys(folder), anSmtpSink(relay), database(), database(), freePort(), freePort(), freePort(),
    ]);
    const [config, local] = [path.join(folder, 'deployment.toml'), path.join(folder, 'local.toml')];
    await writeFile(config, ownToml(sink, `127.0.0.1:${port}`, linkValidity));
    await writeFile(
      local,
      localDefaults({
        ports: localPorts(0), keys, baseUrl, mailCatcher: false, brokers: [],
        identityDatabase: { ...identity.settings, ssl: false },
        notificationDatabase: { ...notification.settings, ssl: false },
      }),
    );
    const [look, recoveryLook] = await Promise.all([notification, identity].map(({ settings }) => Database.open({ ...settings, ssl: false, poolSize: 2 }, []))) as [Database, Database]; // of as many
    const env = { REKEY_CONFIG: config, REKEY_LOCAL: local, REKEY_HOME: path.join(folder, 'home'), KAFKA_BROKERS: undefined, REKEY_PORT: undefined };
    const services = new SeparateServices(sink, look, recoveryLook, postgres, recoveryPort, { folder: path.join(folder, 'kafka'), port, controllerPort }, env, async () => {
      await Promise.all([look.close(), recoveryLook.close()]);
      await sink.close();
      await Promise.all([identity.drop(), notification.drop()]);
      await postgres?.stop('fast');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    await services.startKafka();
    await services.startRecoveryService();
    return services;
  }

  get brokers(): readonly string[] {
    return [`127.0.0.1:${this.kafkaOptions.port}`];
  }

  /** Where clients reach the recovery service that is always started again on its port. */
  get url(): string {
    return `http://127.0.0.1:${this.recoveryPort}`;
  }

  /** All that run now. */
  get running(): readonly StartedProgram[] {
    return [...this.programs];
  }

  async startKafka(): Promise<void> {
    const broker = await startKafka(this.kafkaOptions);
    this.kafka = { broker, forget: await endWithRun(broker.pid, 'SIGTERM') };
  }

  async endKafka(how: 'stop' | 'kill'): Promise<void> {
    await this.kafka?.broker[how]();
    await this.kafka?.forget();
    this.kafka = null;
  }

  /** @param port another one than clients use, for an instance beside theirs */
  async startRecoveryService(port = this.recoveryPort, env: Readonly<Record<string, string>> = {}): Promise<StartedProgram> {
    return this.startOne({ script: 'apps/recovery-service/dist/main.js', args: ['--port', String(port)], readyWhen: /ready at/, env });
  }

  async startNotificationService(): Promise<StartedProgram> {
    return this.startOne({ ...notificationService, readyWhen: /"msg":"ready"/ });
  }

  /** Does not wait: one that is to be killed may be, before it is ready. */
  async spawnNotificationService(env: Readonly<Record<string, string>>): Promise<StartedProgram> {
    return this.keep(await spawnProgram({ ...notificationService, env: { ...this.env, ...env } }));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.programs].map((program) => program.stop()));
    await this.endKafka('stop');
    await this.clean();
  }

  /** Asks again where a service has no time for it (503): on a busy machine that is none of what a test is about. */
  async aUser(username: string): Promise<void> {
    let answer: unknown;
    for (let times = 0; times < 30; times++) {
      answer = await this.post('/scim2/Users', { userName: username, emails: [`${username}@example.com`] }).catch((error: unknown) => error);
      // One that was made although its answer was 503.
      if (answer === 201 || (times > 0 && answer === 409)) return;
      if (answer !== 503) break;
      await pause(1_000);
    }
    throw new Error(`the user was not made: ${String(answer)}; what the services said last:\n${this.lastWords()}`);
  }

  /** @returns the status */
  async recover(username: string, { at, key = randomUUID() }: { readonly at?: string; readonly key?: string } = {}): Promise<number> {
    return this.post('/api/identity/recovery/v0.9/recover-password?type=email&notify=true', { user: { username, realm: 'PRIMARY' }, properties: [] }, at, { 'idempotency-key': key });
  }

  /** @returns the status */
  async setPassword(key: string, password: string, at?: string): Promise<number> {
    return this.post('/api/identity/recovery/v0.9/set-password', { key, password, properties: [] }, at);
  }

  /** @returns the status */
  async signIn(username: string, password: string): Promise<number> {
    return this.post('/api/rekey/v1/session', { username, password });
  }

  /** What each of those that run or have ended said last. */
  lastWords(): string {
    return [...this.ended, ...this.programs].map((program) => program.output().trimEnd().split('\n').slice(-8).join('\n')).join('\n\n');
  }

  /** What may hold a secret beside the databases: all that was logged, and all that Kafka keeps. */
  async atRest(): Promise<string> {
    const logs = [...this.ended, ...this.programs].map((program) => program.output());
    const files = await readdir(this.kafkaOptions.folder, { recursive: true });
    const records = await Promise.all(files.filter((file) => file.endsWith('.log')).map((file) => readFile(path.join(this.kafkaOptions.folder, file), 'latin1')));
    return [...logs, ...records].join('\n');
  }

  private async startOne({ env, ...options }: Parameters<typeof startProgram>[0]): Promise<StartedProgram> {
    return this.keep(await startProgram({ ...options, env: { ...this.env, ...env } }));
  }

  private keep(program: StartedProgram): StartedProgram {
    this.programs.add(program);
    void program.ended.then(() => {
      this.programs.delete(program);
      this.ended.push(program);
    });
    return program;
  }

  private async post(address: string, body: unknown, at = this.url, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const answer = await fetch(at + address, {
      method: 'POST',
      headers: { authorization: administrator, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}

const notificationService = { script: 'apps/notification-service/dist/main.js', args: ['--port', '0'] };

function ownToml({ host, port }: SmtpSink, broker: string, linkValidity: string): string {
  return `
    [server]
    base_path = "${baseUrl}"
    [kafka]
    brokers = ["${broker}"]
    session_timeout = "4s"
    [identity_mgt.password_reset_email]
    enable_password_reset_email = true
    reset_mail_validity = "${linkValidity}"
    [rate_limit]
    requests_per_address_per_minute = 1000000
    mails_per_account_per_hour = 1000
    failed_sign_ins_per_account_per_hour = 10000
    [output_adapter.email]
    hostname = "${host}"
    port = ${port}
    from_address = "no-reply@id.example.com"
    enable_start_tls = false
    enable_authentication = false`;
}

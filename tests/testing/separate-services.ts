import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startKafka, type LocalKafka } from '@rekey/kafka';
import { freePort, localDefaults, localKeys, localPorts } from '@rekey/local-stack';
import { Database } from '@rekey/messaging';
import { aDatabase, anSmtpSink, endWithRun, type SmtpSink, type SmtpSinkOptions } from '@rekey/test-kit';
import { startProgram, type StartedProgram } from './started-program.ts';

const administrator = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
const baseUrl = 'https://id.example.com';

/** Recovery service, notification service and Kafka, each a process of its own, with real databases and a relay of the test's. */
export class SeparateServices {
  private kafka: { readonly broker: LocalKafka; readonly forget: () => Promise<void> } | null = null;
  private readonly programs = new Set<StartedProgram>();

  private constructor(
    readonly sink: SmtpSink,
    /** A look into the notification service's. */
    readonly notificationDatabase: Database,
    /** And into the recovery service's. */
    readonly recoveryDatabase: Database,
    private readonly recoveryPort: number,
    private readonly kafkaOptions: Parameters<typeof startKafka>[0],
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly clean: () => Promise<void>,
  ) {}

  /** Starts Kafka and the recovery service; the notification service is started by the test. */
  static async start(relay: SmtpSinkOptions): Promise<SeparateServices> {
    const folder = await mkdtemp(path.join(tmpdir(), 'rekey-separate-'));
    const [keys, sink, identity, notification, recoveryPort, port, controllerPort] = await Promise.all([
      localKeys(folder), anSmtpSink(relay), aDatabase(), aDatabase(), freePort(), freePort(), freePort(),
    ]);
    const [config, local] = [path.join(folder, 'deployment.toml'), path.join(folder, 'local.toml')];
    await writeFile(config, ownToml(sink));
    await writeFile(
      local,
      localDefaults({
        ports: localPorts(0), keys, baseUrl, mailCatcher: false, brokers: [`127.0.0.1:${port}`],
        identityDatabase: { ...identity.settings, ssl: false },
        notificationDatabase: { ...notification.settings, ssl: false },
      }),
    );
    const [look, recoveryLook] = await Promise.all([notification, identity].map(({ settings }) => Database.open({ ...settings, ssl: false, poolSize: 2 }, []))) as [Database, Database]; // of as many
    const env = { REKEY_CONFIG: config, REKEY_LOCAL: local, REKEY_HOME: path.join(folder, 'home'), KAFKA_BROKERS: undefined, REKEY_PORT: undefined };
    const services = new SeparateServices(sink, look, recoveryLook, recoveryPort, { folder: path.join(folder, 'kafka'), port, controllerPort }, env, async () => {
      await Promise.all([look.close(), recoveryLook.close()]);
      await sink.close();
      await Promise.all([identity.drop(), notification.drop()]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    await services.startKafka();
    await services.startOne({ script: 'apps/recovery-service/dist/main.js', args: ['--port', String(recoveryPort)], readyWhen: /ready at/ });
    return services;
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

  async startNotificationService(): Promise<StartedProgram> {
    return this.startOne({ script: 'apps/notification-service/dist/main.js', args: ['--port', '0'], readyWhen: /"msg":"ready"/ });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.programs].map((program) => program.stop()));
    await this.endKafka('stop');
    await this.clean();
  }

  async aUser(username: string): Promise<void> {
    const status = await this.post('/scim2/Users', { userName: username, emails: [`${username}@example.com`] });
    if (status !== 201) throw new Error(`the user was not made: ${status}`);
  }

  /** @returns the status */
  async recover(username: string): Promise<number> {
    return this.post('/api/identity/recovery/v0.9/recover-password?type=email&notify=true', { user: { username, realm: 'PRIMARY' }, properties: [] });
  }

  private async startOne(options: Parameters<typeof startProgram>[0]): Promise<StartedProgram> {
    const program = await startProgram({ ...options, env: this.env });
    this.programs.add(program);
    void program.ended.then(() => this.programs.delete(program));
    return program;
  }

  private async post(address: string, body: unknown): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.recoveryPort}${address}`, {
      method: 'POST',
      headers: { authorization: administrator, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
}

function ownToml({ host, port }: SmtpSink): string {
  return `
    [server]
    base_path = "${baseUrl}"
    [identity_mgt.password_reset_email]
    enable_password_reset_email = true
    [rate_limit]
    requests_per_address_per_minute = 1000000
    mails_per_account_per_hour = 1000
    [output_adapter.email]
    hostname = "${host}"
    port = ${port}
    from_address = "no-reply@id.example.com"
    enable_start_tls = false
    enable_authentication = false`;
}

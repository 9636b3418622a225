import { randomBytes } from 'node:crypto';
import { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@rekey/local-stack';
import { endWithRun, type TestDatabase } from '@rekey/test-kit';

/** A PostgreSQL of one test's own, to be stopped and started again where it was. */
export class OwnPostgres {
  private constructor(
    private readonly options: { readonly dataFolder: string; readonly port: number },
    private running: { readonly server: EmbeddedPostgres; readonly forget: () => Promise<void> },
  ) {}

  static async start(dataFolder: string): Promise<OwnPostgres> {
    const options = { dataFolder, port: await freePort() };
    return new OwnPostgres(options, await run(options));
  }

  /** It goes with the server. */
  async aDatabase(): Promise<TestDatabase> {
    const name = `test_${randomBytes(8).toString('hex')}`;
    await this.running.server.ensureDatabase(name);
    return { settings: this.running.server.settings(name), drop: () => Promise.resolve() };
  }

  /** `fast` lets no transaction finish, but writes everything down; `immediate` is as a crash. */
  async stop(how: 'fast' | 'immediate'): Promise<void> {
    const { server, forget } = this.running;
    if (how === 'immediate') {
      process.kill(server.pid, 'SIGQUIT');
      await server.ended;
    }
    await server.stop();
    await forget();
  }

  async restart(how: 'fast' | 'immediate'): Promise<void> {
    await this.stop(how);
    this.running = await run(this.options);
  }
}

async function run(options: { readonly dataFolder: string; readonly port: number }) {
  const server = await startEmbeddedPostgres(options);
  return { server, forget: await endWithRun(server.pid, 'SIGINT') };
}

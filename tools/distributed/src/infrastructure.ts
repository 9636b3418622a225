import { startKafka, type LocalKafka } from '@rekey/kafka';
import type { Running } from '@rekey/lifecycle';
import { startEmbeddedPostgres, type EmbeddedPostgres, type LocalStackLog } from '@rekey/local-stack';
import { removePid, writePid } from './supervisor.ts';

/** Something with a process of its own that the local stack starts: the broker, the database. */
interface Infrastructure {
  readonly pid: number;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const restMs = 1_000;

/** Keeps one of them running: started again when it dies, its pid in `run/<name>.pid`. */
export class InfrastructureKeeper<Part extends Infrastructure> implements Running {
  private stopping = false;
  private part: Part | null = null;

  constructor(
    private readonly name: string,
    private readonly startPart: () => Promise<Part>,
    private readonly pidFolder: string,
    private readonly log: LocalStackLog,
  ) {}

  async start(): Promise<Part> {
    const part = await this.startPart();
    this.part = part;
    await writePid(this.pidFolder, this.name, part.pid);
    void part.ended.then(() => this.restart(part));
    return part;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.part?.stop();
    await removePid(this.pidFolder, this.name);
  }

  private async restart(dead: Part): Promise<void> {
    while (!this.stopping) {
      this.log.error('ended; starting it again');
      try {
        await dead.stop();
        await new Promise((resolve) => setTimeout(resolve, restMs));
        if (!this.stopping) await this.start();
        return;
      } catch (error) {
        this.log.error(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

export function postgresKeeper(options: { dataFolder: string; port: number; pidFolder: string; log: LocalStackLog }): InfrastructureKeeper<EmbeddedPostgres> {
  const { dataFolder, port, pidFolder, log } = options;
  return new InfrastructureKeeper('postgres', () => startEmbeddedPostgres({ dataFolder, port, log }), pidFolder, log);
}

export function kafkaKeeper(options: { folder: string; port: number; controllerPort: number; pidFolder: string; log: LocalStackLog }): InfrastructureKeeper<LocalKafka> {
  const { folder, port, controllerPort, pidFolder, log } = options;
  return new InfrastructureKeeper('kafka', () => startKafka({ folder, port, controllerPort, log }), pidFolder, log);
}

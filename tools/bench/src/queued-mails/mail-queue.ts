import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';
import type { Transport } from '../command-line.ts';
import { builtProgram } from '../system/checkout.ts';
import type { LocalParts } from '../system/local-parts.ts';
import { NodeProgram } from '../system/node-program.ts';
import type { StartedThings } from '../system/started-things.ts';

const serviceAlone = fileURLToPath(new URL('notification-service-alone.js', import.meta.url));

/** A notification service of its own process: with a bus of its own, or as it is shipped, over Kafka. Resolves when it takes events. */
export async function aWorker({ environment }: LocalParts, transport: Transport, started: StartedThings, options: readonly string[] = []): Promise<NodeProgram> {
  const [program, ready] = transport === 'kafka' ? [builtProgram('notification-service'), '/health/ready'] : [serviceAlone, 'takes events'];
  const worker = started.add(new NodeProgram({ name: 'a notification service', command: [process.execPath, ...options, program], environment }));
  await worker.untilPrinted(ready);
  return worker;
}

/** The queue of mails as the service itself keeps it: asked for on its bus while the relay is away, and held until a moment when all of them are due. */
export class MailQueue {
  constructor(
    private readonly parts: LocalParts,
    private readonly database: Client,
  ) {}

  /** Puts in so many, in the place of what was there. The relay must be away. */
  async fill(mails: number): Promise<void> {
    if (await this.isThere()) await this.database.query('TRUNCATE inbox, filed_mail, user_head, attempt, outbox');
    const publisher = new NodeProgram({ name: 'the publisher', command: [process.execPath, serviceAlone, String(mails)], environment: this.parts.environment });
    try {
      await publisher.untilPrinted('has taken every event', 600_000);
    } finally {
      await publisher.stop();
    }
    await this.database.query(`UPDATE inbox SET next_at = 'infinity'`);
    for (const table of ['inbox', 'user_head', 'outbox', 'attempt']) await this.database.query(`VACUUM (FULL, ANALYZE) ${table}`);
  }

  /** All of them are due from now on. */
  async release(): Promise<void> {
    await this.database.query(`UPDATE inbox SET next_at = now()`);
    await this.database.query(`SELECT pg_notify('inbox', '')`);
  }

  /** @returns how many are not where the relay has them */
  async unsent(): Promise<number> {
    const { rows } = await this.database.query<{ unsent: number }>(`SELECT count(*)::int AS unsent FROM inbox WHERE state <> 'SENT'`);
    return rows[0]?.unsent ?? 0;
  }

  private async isThere(): Promise<boolean> {
    const { rows } = await this.database.query<{ there: boolean }>(`SELECT to_regclass('inbox') IS NOT NULL AS there`);
    return rows[0]?.there === true;
  }
}

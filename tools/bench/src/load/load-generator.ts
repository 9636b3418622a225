import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Running } from '@rekey/lifecycle';
import { nextMessage } from '../system/next-message.ts';
import type { LoadOrder, LoadReport } from './load-order.ts';

const program = fileURLToPath(new URL('generator.js', import.meta.url));

/** The parent's side of the load generator. */
export class LoadGenerator implements Running {
  private constructor(private readonly child: ChildProcess) {}

  static async start(): Promise<LoadGenerator> {
    const child = fork(program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'spawn');
    return new LoadGenerator(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** One order at a time. @throws Error where the generator dies over it */
  async carryOut(order: LoadOrder): Promise<LoadReport> {
    const report = nextMessage<LoadReport>(this.child, 'the load generator');
    this.child.send(order);
    return report;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

import type { SqlExecutor } from '@rekey/messaging';
import { waitingMails } from './inbox-statements.ts';

const lookEveryMs = 1_000;

/** Lets events in while few enough mails wait to be sent: the others stay on the bus, which pauses, and the inbox does not grow without end. */
export class Intake {
  private nextLookAtMs = 0;

  /** @param nowMs a clock that never steps back */
  constructor(
    private readonly database: SqlExecutor,
    private readonly mostWaiting: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @throws Error where as many wait as may; and the database's, where it does not say */
  async requireRoom(): Promise<void> {
    if (this.nowMs() < this.nextLookAtMs) return;
    const waiting = await waitingMails(this.database, this.mostWaiting);
    if (waiting >= this.mostWaiting) throw new Error(`${waiting} mails wait to be sent, and no more may ([delivery] most_waiting)`);
    this.nextLookAtMs = this.nowMs() + lookEveryMs;
  }
}

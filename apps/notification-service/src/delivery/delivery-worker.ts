import { randomUUID } from 'node:crypto';
import { RepeatingTask, type Database } from '@rekey/messaging';
import { reasonOf, type Logger } from '@rekey/observability';
import type { MailRelays } from '../relay/mail-relays.ts';
import { claimDue, type MailCaps } from './claim-statements.ts';
import type { ClaimedDelivery } from './delivery.ts';
import type { DomainLimits } from './domain-limits.ts';
import { extendLeases, rescueLost, type RescuedDelivery } from './lease-statements.ts';
import { MailAttempts, type MailAttemptsParts } from './mail-attempts.ts';
import { MailEndings, type AttemptOutcome, type MailEndingsParts } from './mail-endings.ts';
import { handBack, handBackUnsent } from './settle-statements.ts';
import { TakenAhead } from './taken-ahead.ts';

export interface DeliveryWorkerOptions extends Omit<MailAttemptsParts, 'database' | 'sender' | 'endings'>, Omit<MailEndingsParts, 'database'> {
  readonly relays: MailRelays;
  /** Where absent, a domain may have all slots. */
  readonly domains?: DomainLimits;
  /** Where absent: none. */
  readonly caps?: MailCaps;
  readonly database: Pick<Database, 'query' | 'transaction'>;
  /** Mails in flight at once. */
  readonly concurrency: number;
  /** Default 0: how many more are taken before there is a slot for them, at most. */
  readonly prefetch?: number;
  /** Default 30: how long a worker that is gone holds its mails. */
  readonly leaseSeconds?: number;
  /** Default 10,000: how often the leases of mails in flight are extended. */
  readonly heartbeatMs?: number;
  /** Default 5,000: how often lost leases are looked for. */
  readonly rescueMs?: number;
  /** Default 1,000: how often due mails are looked for without being woken. */
  readonly pollMs?: number;
}

interface Flight {
  readonly delivery: ClaimedDelivery;
  readonly done: Promise<void>;
}

/** Mails whose outcome is on its way to the database, at most: what bounds memory while the relay is faster. */
const unsettledForEachSlot = 2;

/** What has been taken ahead and finds no slot for so long is handed back at the next look: another worker may have one. Where no relay can be used, at once. */
const longestWaitMs = 5_000;

/**
 * Keeps all slots filled with due mails. What it claims beyond them is bounded by how fast the relays answer, so a slow mail holds up one slot and nobody
 * else's mail; while one claim is under way the slots that come free are filled by the next, together. A slot is free again when a relay has
 * answered: outcomes are written beside it.
 */
export class DeliveryWorker {
  /** Random per process: leases, marks and settlements are valid only under the name that claimed. */
  readonly owner = randomUUID();
  /** Attempts, not mails: of a mail whose lease was lost two may be under way. */
  private readonly inFlight = new Set<Flight>();
  /** Those of them that have no answer of a relay yet: the others wait for the database. */
  private sending = 0;
  private readonly ahead: TakenAhead<ClaimedDelivery>;
  private readonly attempts: MailAttempts;
  private readonly endings: MailEndings;
  private readonly claiming: RepeatingTask;
  private readonly heartbeat: RepeatingTask;
  private readonly rescuing: RepeatingTask;
  private readonly leaseSeconds: number;
  private readonly log: Logger;
  private databaseFailed = false;
  private leasesUnattended = false;

  constructor(private readonly options: DeliveryWorkerOptions) {
    this.log = options.log;
    this.leaseSeconds = options.leaseSeconds ?? 30;
    this.ahead = new TakenAhead(options.prefetch ?? 0, options.nowMs);
    this.endings = new MailEndings(options, this.owner);
    this.attempts = new MailAttempts({ ...options, sender: options.relays, endings: this.endings }, this.owner, this.leaseSeconds);
    const onError = (error: unknown): void => this.reportDatabaseFailure(error);
    this.claiming = new RepeatingTask(() => this.fillSlots(), { everyMs: options.pollMs ?? 1_000, onError });
    this.heartbeat = new RepeatingTask(() => this.extendLeases(), { everyMs: options.heartbeatMs ?? 10_000, onError });
    this.rescuing = new RepeatingTask(() => this.rescue(), { everyMs: options.rescueMs ?? 5_000, onError });
  }

  start(): void {
    this.claiming.start();
    this.heartbeat.start();
    this.rescuing.start();
  }

  /** There may be something due. */
  wake(): void {
    this.claiming.wake();
  }

  /**
   * Claims nothing more, lets the mails in flight finish, hands back those that have not reached DATA by then, and closes the relay.
   * @param closeRelay ends what is still being said to the relay
   */
  async stop(graceMs: number, closeRelay: () => Promise<void>): Promise<void> {
    await Promise.all([this.claiming.stop(), this.rescuing.stop()]);
    await this.handBack(this.ahead.giveUp(0));
    await this.flightsEnd(graceMs);
    if (this.inFlight.size > 0) {
      const handedBack = await handBackUnsent(this.options.database, this.owner).catch(() => 0);
      this.log.warn({ inFlight: this.inFlight.size, handedBack }, 'stopping with mails in flight: those that had not reached DATA are handed back');
    }
    this.endings.abandon();
    await closeRelay();
    await this.flightsEnd(lastSettlementsMs);
    await this.heartbeat.stop();
  }

  /** @returns whether there may be more to do at once */
  private async fillSlots(): Promise<boolean> {
    const { database, domains, caps, relays, reports } = this.options;
    void relays.probe(); // what it finds is heeded at the next look, a second later at most
    // First: after a freeze the leases of what waits may be others' by now.
    await this.handBack(this.ahead.giveUp(relays.readiness().ready ? longestWaitMs : 0));
    this.startWaiting();
    const limit = this.room;
    if (limit === 0) return false;
    const { claimed, retired, mayBeMore } = await claimDue(database, { limit, owner: this.owner, leaseSeconds: this.leaseSeconds, ...(domains ? { domains: domains.room(this.ahead.allowance, relays.roomOfDomains(this.sending)) } : {}), ...(caps ? { caps } : {}) }, reports);
    this.databaseFailed = false;
    for (const delivery of claimed) {
      domains?.hold(delivery.recipientDomain);
      this.ahead.add(delivery);
    }
    this.startWaiting();
    for (const mail of retired) this.options.metrics?.finished(mail);
    if (retired.length > 0) this.options.onReported();
    return mayBeMore;
  }

  /**
   * How many mails are to be claimed. Where slots are free, what waits is for domains that have none left, and takes none from the mails of others. Where none
   * is, none are claimed for as long as enough wait, so that the next claim takes many; nor where no relay can be used.
   */
  private get room(): number {
    const { allowance, size } = this.ahead;
    const ahead = this.options.relays.readiness().ready ? Math.max(0, allowance - size) : 0;
    if (this.freeSlots > 0) return this.freeSlots + ahead;
    return ahead >= allowance / 2 ? ahead : 0;
  }

  private get freeSlots(): number {
    const { concurrency, relays } = this.options;
    return Math.min(concurrency - this.sending, concurrency * (1 + unsettledForEachSlot) - this.inFlight.size, relays.room(this.sending));
  }

  private startWaiting(): void {
    const { domains } = this.options;
    while (this.ahead.size > 0 && this.freeSlots > 0) {
      const delivery = this.ahead.next(({ recipientDomain }) => domains?.mayBegin(recipientDomain) ?? true);
      if (!delivery) return;
      domains?.letGo(delivery.recipientDomain);
      this.begin(delivery);
    }
  }

  private begin(delivery: ClaimedDelivery): void {
    const done = this.deliver(delivery)
      .catch((error: unknown) => this.log.error({ eventId: delivery.eventId, error }, 'a delivery broke off; its lease will run out'))
      .finally(() => {
        this.inFlight.delete(flight);
        this.goOn(); // that person's next mail may have waited for this one
      });
    const flight: Flight = { delivery, done };
    this.inFlight.add(flight);
  }

  private async deliver(delivery: ClaimedDelivery): Promise<void> {
    const outcome = await this.inSlot(delivery);
    if (outcome) await this.endings.conclude(delivery, outcome);
  }

  private async inSlot(delivery: ClaimedDelivery): Promise<AttemptOutcome | null> {
    const { recipientDomain } = delivery;
    const { domains } = this.options;
    this.sending++;
    domains?.begin(recipientDomain);
    try {
      const outcome = await this.attempts.send(delivery);
      if (outcome && isAnswered(outcome)) this.ahead.answered();
      return outcome;
    } finally {
      this.sending--;
      domains?.end(recipientDomain);
      this.goOn();
    }
  }

  /** A slot has come free. */
  private goOn(): void {
    this.startWaiting();
    if (this.room > 0) this.wake();
  }

  private async handBack(deliveries: readonly ClaimedDelivery[]): Promise<void> {
    for (const { recipientDomain } of deliveries) this.options.domains?.letGo(recipientDomain);
    // Where that fails, their leases run out.
    if (deliveries.length > 0) await handBack(this.options.database, this.owner, deliveries).catch((error: unknown) => this.reportDatabaseFailure(error));
  }

  private async extendLeases(): Promise<boolean> {
    const attempts = [...[...this.inFlight].map(({ delivery }) => delivery), ...this.ahead.deliveries];
    if (attempts.length > 0) await extendLeases(this.options.database, this.owner, this.leaseSeconds, attempts);
    return false;
  }

  private async rescue(): Promise<boolean> {
    if (this.leasesUnattended) {
      // Everybody's leases ran out while the database was away: the living get one round to extend theirs.
      this.leasesUnattended = false;
      return false;
    }
    const rescued = await rescueLost(this.options.database, this.options.reports);
    if (rescued.length === 0) return false;
    this.countRescued(rescued);
    const closed = rescued.filter(({ state }) => state === 'UNCERTAIN_CLOSED').map(({ eventId }) => eventId);
    this.log.warn({ mails: rescued.length, uncertain: rescued.filter(({ uncertainCount }) => uncertainCount > 0).length }, 'mails of a lost sender were taken back');
    if (closed.length > 0) {
      this.log.error({ eventIds: closed }, 'UNCERTAIN_CLOSED: these mails were lost sight of twice while being handed over, and are not sent again');
      this.options.onReported();
    }
    this.wake();
    return true;
  }

  private countRescued(rescued: readonly RescuedDelivery[]): void {
    const { metrics } = this.options;
    for (const mail of rescued) {
      metrics?.rescued(mail.lostIn);
      if (mail.lostIn === 'data') metrics?.uncertain();
      if (mail.state === 'UNCERTAIN_CLOSED') metrics?.finished(mail);
    }
  }

  private async flightsEnd(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.allSettled([...this.inFlight].map(({ done }) => done)), timeUp]);
    clearTimeout(timer);
  }

  private reportDatabaseFailure(error: unknown): void {
    if (!this.databaseFailed) this.log.warn({ reason: reasonOf(error) }, 'the database does not answer; mails wait');
    this.databaseFailed = true;
    this.leasesUnattended = true;
  }
}

/** Whether a relay has shown that it takes mails, this one or others. */
function isAnswered({ kind }: AttemptOutcome): boolean {
  return kind !== 'relay-refused' && kind !== 'unasked' && kind !== 'uncertain';
}

const lastSettlementsMs = 2_000;

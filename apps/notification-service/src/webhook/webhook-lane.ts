import type { WebhookSettings } from '@rekey/deployment-config';
import { toStructuredEvent } from '@rekey/events';
import { RepeatingTask, type SqlExecutor } from '@rekey/messaging';
import { reasonOf, type Logger, type WebhookMetrics } from '@rekey/observability';
import { retryDelaySeconds } from '../delivery/retry-schedule.ts';
import { RelayCircuit } from '../relay/relay-circuit.ts';
import { askWebhook, type WebhookAnswer, type WebhookRequestOptions } from './webhook-request.ts';
import { claimForWebhook, noteFailing, noteGone, notePutOff, noteTaken, type WebhookDelivery } from './webhook-statements.ts';

export interface WebhookParts extends WebhookRequestOptions {
  readonly database: SqlExecutor;
  readonly log: Logger;
  readonly metrics?: WebhookMetrics | undefined;
  /** Default 1,000: how often what is due is looked for without being woken. */
  readonly pollMs?: number;
  /** A clock that never steps back, for the circuit. */
  readonly nowMs?: () => number;
  /** From 0 to 1, for the retry's jitter. */
  readonly random?: () => number;
}

/** Of one process, for one webhook. */
const mostAtOnce = 8;
/** Longer than a request may take, with what is written down after it. */
const leaseSeconds = 60;
const longestRetrySeconds = 3_600;
/** Of one that takes nothing at all: it is back soon after this. */
const longestProbeSeconds = 300;

/** Tells one webhook what it is to be told. Each has a lane of its own, so that one that is slow, or away, holds up nobody else. */
export class WebhookLane {
  /** Whether it is told nothing more: it said so, or has taken nothing for days. */
  isOff = false;
  /** Outages and probes since it last answered. */
  private unanswered = 0;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly circuit: RelayCircuit;
  private readonly claiming: RepeatingTask;
  private readonly givingUp = new AbortController();
  private readonly log: Logger;

  constructor(
    readonly webhook: WebhookSettings,
    private readonly parts: WebhookParts,
  ) {
    this.log = parts.log.child({ webhook: webhook.name });
    this.circuit = new RelayCircuit(parts.nowMs ?? (() => performance.now()));
    this.claiming = new RepeatingTask(() => this.fillSlots(), { everyMs: parts.pollMs ?? 1_000, onError: (error) => this.log.warn({ reason: reasonOf(error) }, 'what a webhook is to be told cannot be looked up') });
  }

  start(): void {
    this.parts.metrics?.circuit(this.webhook.name, false);
    this.claiming.start();
  }

  wake(): void {
    this.claiming.wake();
  }

  /** Claims nothing more; what does not end in time is cut off, and told again later. */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.givingUp.abort(new Error('the service stops')), graceMs);
    await this.claiming.stop();
    await Promise.all(this.inFlight);
    clearTimeout(timer);
  }

  /** @returns false: whatever comes to its end looks for more */
  private async fillSlots(): Promise<boolean> {
    const limit = this.room();
    if (limit === 0) return false;
    for (const delivery of await claimForWebhook(this.parts.database, { webhook: this.webhook.name, limit, leaseSeconds })) this.begin(delivery);
    return false;
  }

  private room(): number {
    if (this.isOff) return 0;
    if (this.circuit.openBecause === null) return mostAtOnce - this.inFlight.size;
    return this.circuit.isProbeDue && this.inFlight.size === 0 ? 1 : 0;
  }

  private begin(delivery: WebhookDelivery): void {
    const done = this.tell(delivery)
      // The lease runs out, and it is told again: receivers know it by its id.
      .catch((error: unknown) => this.log.warn({ outcomeId: delivery.outcomeId, reason: reasonOf(error) }, 'what a webhook answered could not be written down'))
      .finally(() => {
        this.inFlight.delete(done);
        this.wake();
      });
    this.inFlight.add(done);
  }

  private async tell(delivery: WebhookDelivery): Promise<void> {
    const { database, metrics, random } = this.parts;
    const answer = await askWebhook(this.webhook, JSON.stringify(toStructuredEvent(delivery)), this.givingUp.signal, this.parts);
    metrics?.attempt(this.webhook.name, answer.kind);
    this.note(answer, delivery);
    switch (answer.kind) {
      case 'taken':
        return noteTaken(database, delivery);
      case 'gone':
        return noteGone(database, this.webhook);
      case 'failed':
        await notePutOff(database, delivery, answer.reply, Math.max(answer.restSeconds, retryDelaySeconds(delivery.attempts - 1, random, longestRetrySeconds)));
        if (answer.isDown && (await noteFailing(database, this.webhook, answer.reply))) this.switchOff('a webhook has taken nothing for days: it is told nothing more until an administrator enables it, or its url or name changes');
    }
  }

  private switchOff(why: string): void {
    if (!this.isOff) this.log.error(why);
    this.isOff = true;
  }

  private note(answer: WebhookAnswer, { outcomeId, attempts }: WebhookDelivery): void {
    if (answer.kind === 'gone') {
      this.switchOff('a webhook answers 410 Gone: it is told nothing more until an administrator enables it, or its url or name changes');
    } else if (answer.kind === 'failed' && answer.isDown) {
      // Of those that were on their way together, the first counts: a moment's outage is no long one because it met eight.
      if (this.circuit.openBecause === null || this.circuit.isProbeDue) this.unanswered++;
      const restSeconds = Math.max(answer.restSeconds, retryDelaySeconds(this.unanswered - 1, this.parts.random, longestProbeSeconds));
      if (this.circuit.refused(answer.reply, restSeconds * 1_000)) this.log.warn({ reason: answer.reply }, 'a webhook takes no events; they wait');
    } else {
      this.unanswered = 0;
      if (answer.kind === 'failed') this.log.warn({ outcomeId, attempts, reason: answer.reply }, 'a webhook refuses an event; it is asked again');
      if (this.circuit.worked()) this.log.info('a webhook answers again');
    }
    this.parts.metrics?.circuit(this.webhook.name, this.circuit.openBecause !== null);
  }
}

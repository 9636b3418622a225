import type { WebhookSettings } from '@rekey/deployment-config';
import { RepeatingTask } from '@rekey/messaging';
import { reasonOf } from '@rekey/observability';
import type { OutcomeSubject } from '../delivery/outcome-reports.ts';
import { WebhookLane, type WebhookParts } from './webhook-lane.ts';
import { giveUpLate, offAmong } from './webhook-statements.ts';

/** How often what is too late is given up, and what other processes learnt of a webhook is looked at. */
const tendMs = 60_000;

/**
 * Tells those who have no Kafka what came of mails. What is to be told is a row, written with the outcome; any number of processes
 * may tell it, and each webhook is told at least once, in no promised order.
 */
export class Webhooks {
  private readonly lanes: readonly WebhookLane[];
  private readonly tending: RepeatingTask;

  /** @param settings of which those that are off are told nothing */
  constructor(
    settings: readonly WebhookSettings[],
    private readonly parts: WebhookParts,
  ) {
    this.lanes = settings.filter(({ enable }) => enable).map((webhook) => new WebhookLane(webhook, parts));
    this.tending = new RepeatingTask(() => this.tend(), { everyMs: tendMs, onError: (error) => parts.log.warn({ reason: reasonOf(error) }, 'webhooks cannot be tended') });
  }

  /** @returns the names of those that are to be told */
  wanting({ type, tenantDomain, source }: OutcomeSubject): readonly string[] {
    return this.lanes
      .filter(({ isOff, webhook: { events, tenants, sources } }) => !isOff && events.includes(type) && (tenants?.includes(tenantDomain) ?? true) && (sources === undefined || (source !== null && sources.includes(source))))
      .map(({ webhook }) => webhook.name);
  }

  start(): void {
    this.tending.start();
    for (const lane of this.lanes) lane.start();
  }

  /** There may be something to tell. */
  wake(): void {
    for (const lane of this.lanes) lane.wake();
  }

  /** One that was gone may be told again; other processes look within a minute. */
  heedGone(): void {
    this.tending.wake();
  }

  async stop(graceMs: number): Promise<void> {
    await Promise.all([this.tending.stop(), ...this.lanes.map((lane) => lane.stop(graceMs))]);
  }

  /** @returns whether there may be more to do at once */
  private async tend(): Promise<boolean> {
    const { database, log, metrics } = this.parts;
    const off = await offAmong(database, this.lanes.map(({ webhook }) => webhook));
    for (const lane of this.lanes) lane.isOff = off.has(lane.webhook.name);
    const givenUp = await giveUpLate(database, off);
    for (const [webhook, events] of givenUp) {
      metrics?.givenUp(webhook, events);
      log.error({ webhook, events }, 'GIVEN_UP: a webhook is not told of these outcomes any more');
    }
    return givenUp.size > 0;
  }
}

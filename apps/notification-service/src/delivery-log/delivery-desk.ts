import { randomUUID } from 'node:crypto';
import type { DeliveryOutcome, DeliveryRequest, EventReader, ReplayVerdict } from '@rekey/events';
import { keysetPage, type Database, type IncomingRecord } from '@rekey/messaging';
import { readIncoming } from '../inbox/incoming-event.ts';
import { CrashCounter, crashedOften } from '../quarantine/crash-counter.ts';
import { findDeliveries } from './delivery-log-statements.ts';
import { cursorAt, placeAt } from './place.ts';
import { deadIds, describeDead, discardDead, findDead, listDead, markReplayed, type DeadRow } from './dead-statements.ts';
import { failuresOf, replayMails, worthReplaying } from './replay-statements.ts';
import { isUuid } from './uuid.ts';

type Asked<Ask> = Extract<DeliveryRequest, { ask: Ask }>;

/** What one request replays: whoever wants more of them asks again. */
const atOnce = 100;

/** Where operators see what has failed, and have it sent again where that does no harm. */
export class DeliveryDesk {
  private readonly crashes: CrashCounter;

  constructor(
    private readonly database: Pick<Database, 'query' | 'queryUnprepared'>,
    private readonly reader: EventReader,
    private readonly accept: (records: readonly IncomingRecord[]) => Promise<void>,
  ) {
    this.crashes = new CrashCounter(database, randomUUID());
  }

  async failures({ tenantDomain, dead }: Asked<'failures'>): Promise<DeliveryOutcome> {
    const groups = await failuresOf(this.database, tenantDomain, dead);
    return { kind: 'failures', groups: groups.map(({ oldestAt, newestAt, ...group }) => ({ ...group, oldestAt: oldestAt.toISOString(), newestAt: newestAt.toISOString() })) };
  }

  async listDead({ dead, filter, after, limit: atMost }: Asked<'list-dead'>): Promise<DeliveryOutcome> {
    if (!dead) return { kind: 'dead-page', events: [], next: null };
    const { page, next } = await keysetPage(atMost, (limit) => listDead(this.database, filter, after ?? null, limit, this.reader.sources), ({ id }) => id);
    return { kind: 'dead-page', events: [...page], next };
  }

  /** What could not be read is of no tenant: whoever may see it is told of it. */
  async showDead({ id, dead }: Asked<'show-dead'>): Promise<DeliveryOutcome> {
    const event = dead ? await describeDead(this.database, id, this.reader.sources) : null;
    return event ? { kind: 'dead', event } : { kind: 'unknown' };
  }

  /** @returns it as it is then: another's decision stands */
  async discardDead({ id, dead, by, reason }: Asked<'discard-dead'>): Promise<DeliveryOutcome> {
    if (dead) await discardDead(this.database, id, by, reason);
    const event = dead ? await describeDead(this.database, id, this.reader.sources) : null;
    return event ? { kind: 'discarded', event } : { kind: 'unknown' };
  }

  async replay(asked: Asked<'replay'>): Promise<DeliveryOutcome> {
    const verdict = (await replayMails(this.database, asked, [asked.id])).get(asked.id.toLowerCase());
    if (verdict !== undefined) return { kind: 'replay', verdict };
    const dead = asked.dead ? await findDead(this.database, asked.id) : null;
    return dead === null ? { kind: 'unknown' } : { kind: 'replay', ...(await this.readAgain(dead, asked.by)) };
  }

  /** Each failed mail that the filter finds, once: what was refused is not come back to. */
  async replayMany(asked: Asked<'replay-many'>): Promise<DeliveryOutcome> {
    const { filter: { state, ...filter }, after } = asked;
    const { cause: _, from: _from, to: _to, ...ofMails } = filter;
    if (state === 'DEAD' && Object.values(ofMails).some((value) => value !== undefined)) return { kind: 'refused', reason: 'filter: only cause, from and to hold of what could not be read' };
    if (state === 'DEAD') return asked.dead ? this.readManyAgain(asked) : { kind: 'replays', verdicts: {}, next: null };
    const place = after === undefined ? null : placeAt(after);
    if (place === undefined) return { kind: 'refused', reason: 'after: expected what the answer before gave as next' };
    const found = await findDeliveries(this.database, { tenantDomain: asked.tenantDomain, sources: this.reader.sources }, { ...filter, state }, place, atOnce);
    const last = found.at(-1);
    const verdicts = await replayMails(this.database, asked, found.map(({ id }) => id));
    return { kind: 'replays', verdicts: counted([...verdicts.values()]), next: found.length === atOnce && last ? cursorAt(last.place) : null };
  }

  private async readManyAgain({ filter, after, by }: Asked<'replay-many'>): Promise<DeliveryOutcome> {
    if (after !== undefined && !isUuid(after)) return { kind: 'refused', reason: 'after: expected what the answer before gave as next' };
    const ids = await deadIds(this.database, filter, after ?? null, atOnce);
    const verdicts: ReplayVerdict[] = [];
    for (const id of ids) {
      const dead = await findDead(this.database, id);
      if (dead) verdicts.push((await this.readAgain(dead, by)).verdict);
    }
    return { kind: 'replays', verdicts: counted(verdicts), next: ids.length === atOnce ? (ids.at(-1) ?? null) : null };
  }

  /**
   * What may have killed its reader is counted before, as when it came: one that has killed three is refused once, so that no group that is
   * replayed kills one process after another, and whoever has upgraded may ask again.
   */
  private async readAgain(dead: DeadRow, by: string): Promise<ReadAgain> {
    if (dead.replayed) return { verdict: 'open' };
    try {
      return (await this.crashes.begin(dead.id)) === 'guilty' ? { verdict: 'still-unreadable', reason: crashedOften('reader') } : await this.readCounted(dead, by);
    } finally {
      await this.crashes.forget(dead.id);
    }
  }

  /** Through the reader, as if it had just come: after an upgrade it may be read. An event that is accepted twice is one mail. */
  private async readCounted({ id, topic, partition, offset, key, headers, raw }: DeadRow, by: string): Promise<ReadAgain> {
    const record: IncomingRecord = { topic, partition, offset, key, headers, value: raw };
    const reading = readIncoming(record, this.reader);
    if (reading.kind === 'unreadable') return { verdict: 'still-unreadable', reason: reading.reason };
    const verdict = reading.mail ? await worthReplaying(this.database, reading.mail) : 'replayed';
    if (verdict === 'replayed') {
      await this.accept([record]);
      await markReplayed(this.database, id, by);
    }
    return { verdict };
  }
}

interface ReadAgain {
  readonly verdict: ReplayVerdict;
  readonly reason?: string;
}

function counted(verdicts: readonly ReplayVerdict[]): Partial<Record<ReplayVerdict, number>> {
  const counts: Partial<Record<ReplayVerdict, number>> = {};
  for (const verdict of verdicts) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
}

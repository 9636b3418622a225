import type { Logger, RelayMetrics, Readiness } from '@rekey/observability';
import { domainOf } from '../smtp/envelope-address.ts';
import type { Mail } from '../smtp/mail.ts';
import type { RelayRefusal, SendOutcome } from '../smtp/smtp-outcome.ts';
import type { DialogueLine } from '../smtp/transcript.ts';
import { RelayLane, type MailSending, type RelayInUse, type RelayStanding } from './relay-lane.ts';

export interface MailRelaysOptions {
  readonly log: Logger;
  readonly metrics?: RelayMetrics | undefined;
  /** A circuit has opened or closed. */
  readonly onChange?: () => void;
  /** A clock that never steps back. */
  readonly nowMs?: () => number;
}

/** Of all relays that were asked for one mail. */
const mostLines = 60;

/**
 * The relays of a deployment: which is asked, and when another. Invariant: a mail goes on to the next relay only while it is sure that
 * the one before has not accepted it: what this service does at the 354 is done once, and after it no other relay is asked.
 */
export class MailRelays implements MailSending {
  private readonly lanes: readonly RelayLane[];
  private readonly log: Logger;
  private readonly metrics: RelayMetrics | undefined;
  private readonly onChange: () => void;
  private mails = 0;

  constructor(relays: readonly RelayInUse[], { log, metrics, onChange = () => undefined, nowMs = () => performance.now() }: MailRelaysOptions) {
    this.lanes = relays.map((relay) => new RelayLane(relay, nowMs));
    this.log = log;
    this.metrics = metrics;
    this.onChange = onChange;
    for (const { name } of this.lanes) metrics?.circuit(name, false);
  }

  /**
   * How many more mails may be started: what the relays that work have room for; where none does, one, when only a mail can tell if one works again.
   * @param started mails that are on their way, whether a relay has them already or not
   */
  room(started: number): number {
    const working = this.lanes.filter(({ isClosed }) => isClosed);
    const waiting = this.waiting(started);
    if (working.length === 0) return waiting === 0 && this.lanes.some(({ room }) => room > 0) ? 1 : 0;
    return roomAt(working) - waiting;
  }

  /**
   * How many more mails may be started for each domain to which some relays do not deliver and others do.
   * @param started as for `room`: those that have no relay yet may all be for it
   */
  roomOfDomains(started: number): ReadonlyMap<string, number> {
    const refused = new Set(this.lanes.flatMap(({ refusedDomains }) => refusedDomains));
    return new Map([...refused].flatMap((domain) => {
      const delivering = this.deliveringTo(domain);
      return delivering.length === 0 ? [] : [[domain, Math.max(0, roomAt(delivering) - this.waiting(started))] as const];
    }));
  }

  /** Asks the relays that could not be reached, or would not talk to us, whether they would now: those whose five seconds are over. Never throws unless a sender does. */
  async probe(): Promise<void> {
    await Promise.all(this.lanes.map(async (lane) => {
      const answer = await lane.probe();
      if (answer === null) this.works(lane);
      else if (answer) this.refused(lane, answer);
    }));
  }

  /** Sends one mail, by as many relays as it takes; never throws unless a sender does. */
  async send(mail: Mail, onData: () => Promise<boolean>, putOffBy: readonly string[] = []): Promise<SendOutcome> {
    let isAsked = false;
    const asking = (): Promise<boolean> => {
      isAsked = true;
      return onData();
    };
    const tried = new Map<RelayLane, SendOutcome>();
    const domain = domainOf(mail.envelope.to);
    const delivering = this.deliveringTo(domain);
    for (let lane = this.next(delivering, tried, putOffBy); lane !== null; lane = this.next(delivering, tried, putOffBy)) {
      const outcome = await lane.send(mail, asking);
      this.heed(lane, outcome);
      this.noteDomain(lane, domain);
      tried.set(lane, outcome);
      if (isAsked || !(outcome.kind === 'relay-refused' || outcome.kind === 'retry')) break;
    }
    return tried.size === 0 && delivering.length < this.lanes.length ? this.undelivered(domain) : outcomeOf([...tried.values()]);
  }

  /** Ready while one of them works; the others are named all the same. */
  readiness(): Readiness {
    const open = this.lanes.flatMap(({ name, circuit }) => (circuit.openBecause === null ? [] : [`${name}: ${circuit.openBecause}`]));
    if (open.length === 0) return { ready: true };
    return { ready: open.length < this.lanes.length, waitingFor: open.join('; ') };
  }

  get standings(): readonly RelayStanding[] {
    return this.lanes.map(({ standing }) => standing);
  }

  /**
   * First the one that has put this mail off the least often, a 4xx after the dot being as sure a no as one before it; then by priority; among
   * equals the one with the smaller part of its connections in use, then the one that rested longest. A relay of which only a mail can tell
   * whether it works again is asked before the others, where none has been yet: only so that is noticed while they work.
   */
  private next(lanes: readonly RelayLane[], tried: ReadonlyMap<RelayLane, SendOutcome>, putOffBy: readonly string[]): RelayLane | null {
    const probesFirst = tried.size === 0 ? 1 : -1;
    const refusals = ({ name }: RelayLane): number => putOffBy.filter((relay) => relay === name).length;
    const load = ({ busy, relay }: RelayLane): number => busy / relay.connections;
    const [first] = lanes
      .filter((lane) => !tried.has(lane) && lane.room > 0)
      .sort((a, b) => refusals(a) - refusals(b) || probesFirst * (Number(a.isClosed) - Number(b.isClosed)) || a.relay.priority - b.relay.priority || load(a) - load(b) || a.usedAs - b.usedAs);
    if (first) first.usedAs = ++this.mails;
    return first ?? null;
  }

  /** Of those that are started: how many have no relay yet. */
  private waiting(started: number): number {
    return started - this.lanes.reduce((sum, { busy }) => sum + busy, 0);
  }

  private deliveringTo(domain: string): readonly RelayLane[] {
    return this.lanes.filter((lane) => lane.refusalOf(domain) === null);
  }

  /** Those that could take it now do not deliver to that domain: it waits as what a relay has put off does, so that it is not claimed again at once. */
  private undelivered(domain: string): SendOutcome {
    const refusals = this.lanes.flatMap((lane) => lane.refusalOf(domain) ?? []);
    return { kind: 'retry', stage: 'rcpt', reply: refusals.join('; '), relay: null, dialogue: [] };
  }

  private noteDomain(lane: RelayLane, domain: string): void {
    const reply = lane.refusalOf(domain);
    if (reply !== null) this.log.warn({ relay: lane.name, domain, reply }, 'a mail relay does not deliver to this domain, as it does to others: its mails go by other relays, or wait');
  }

  private heed(lane: RelayLane, outcome: SendOutcome): void {
    this.metrics?.attempt(lane.name, outcome.kind);
    switch (outcome.kind) {
      case 'relay-refused':
        return this.refused(lane, outcome);
      case 'retry':
      case 'uncertain':
        if (outcome.stage === 'send' || outcome.kind === 'uncertain') return;
        break;
      case 'sent':
      case 'rejected':
      case 'withdrawn':
        break;
      case 'unasked':
        return;
    }
    this.works(lane);
  }

  private refused(lane: RelayLane, refusal: RelayRefusal): void {
    const isNews = lane.refused(refusal);
    this.metrics?.circuit(lane.name, !lane.isClosed);
    if (!isNews) return;
    this.log.error({ relay: lane.name, reason: lane.circuit.openBecause }, 'a mail relay cannot be used; it is asked every 5 s');
    this.onChange();
  }

  private works(lane: RelayLane): void {
    this.metrics?.circuit(lane.name, false);
    if (!lane.worked()) return;
    this.log.info({ relay: lane.name }, 'the mail relay works again');
    this.onChange();
  }
}

function roomAt(lanes: readonly RelayLane[]): number {
  return lanes.reduce((sum, { room }) => sum + room, 0);
}

/** What the last one said counts, but that some relay talked about this very mail counts more: then the mail has failed, not all of them. */
function outcomeOf(tried: readonly SendOutcome[]): SendOutcome {
  const last = tried.at(-1);
  if (!last) return { kind: 'unasked', reply: 'no relay can be used now, or all are at their limits', relay: null, dialogue: [] };
  const counting = last.kind === 'relay-refused' ? (tried.find(({ kind }) => kind === 'retry') ?? last) : last;
  return tried.length === 1 ? last : { ...counting, dialogue: tried.flatMap(withHeading).slice(-mostLines) };
}

function withHeading({ relay, dialogue }: SendOutcome): readonly DialogueLine[] {
  return [{ who: 'network', line: `by ${relay ?? 'a relay'}`, atMs: 0 }, ...dialogue];
}

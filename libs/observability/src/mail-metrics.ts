import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { AtScrape } from './at-scrape.ts';

/** The mails that have not come to their end, as the inbox has them. */
export interface OpenMails {
  readonly byState: Readonly<Record<'PENDING' | 'UNCERTAIN' | 'SENDING', number>>;
  /** Since the event that asks for it; null where all are sent. */
  readonly oldestAgeSeconds: number | null;
}

/** To be told what becomes of mails. Of a mail nothing but its state and the type of its event is told: no address, no name (S43). */
export interface MailMetrics {
  /** Mails that were not known before. */
  accepted(mails: number): void;
  /** Events that nothing can be done with, by whose fault that is. */
  dead(fault: string, events: number): void;
  finished(mail: { readonly state: string; readonly eventType: string }): void;
  /** The relay has taken a mail that was asked for at this time. */
  taken(requestedAt: Date): void;
  /** @param stage at which the attempt ended */
  attempted(stage: string, seconds: number): void;
  /** The relay's answer was lost after the 354. */
  uncertain(): void;
  /** @param phase in which its sender was lost */
  rescued(phase: 'pre' | 'data'): void;
}

/** From a mail within the second to one that has waited for a relay for an hour. */
const latencyBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
/** Up to the longest that a relay may take for its answer to the dot. */
const attemptBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** @param look counts them */
export function mailMetrics(registry: Registry, look: () => Promise<OpenMails>): MailMetrics {
  const registers = [registry];
  const open = new AtScrape(look);
  new Gauge({
    name: 'rekey_inbox_mails',
    help: 'Mails that have not come to their end, by state; 100000 stands for that many or more.',
    labelNames: ['state'],
    registers,
    async collect() {
      const figures = await open.latest();
      this.reset();
      for (const [state, mails] of Object.entries(figures?.byState ?? {})) this.set({ state }, mails);
    },
  });
  new Gauge({
    name: 'rekey_oldest_unsent_mail_age_seconds',
    help: 'How long ago the oldest mail that has not come to its end was asked for; 0 where there is none.',
    registers,
    async collect() {
      const figures = await open.latest();
      if (figures) this.set(figures.oldestAgeSeconds ?? 0);
      else this.remove();
    },
  });
  const accepted = new Counter({ name: 'rekey_mails_accepted_total', help: 'Mails that events asked for and that the inbox has taken; an event that comes again counts once.', registers });
  const finished = new Counter({ name: 'rekey_mails_finished_total', help: 'Mails that have come to their end, by the state in which, and by the type of the event that asked for them.', labelNames: ['state', 'type'], registers });
  const uncertain = new Counter({ name: 'rekey_mails_uncertain_total', help: 'Times that a relay’s answer was lost after its 354, so that nobody knows whether it has taken the mail.', registers });
  const rescued = new Counter({ name: 'rekey_leases_rescued_total', help: 'Mails that were taken back from a sender that was lost, by the phase in which they were.', labelNames: ['phase'], registers });
  const dead = new Counter({ name: 'rekey_dead_events_total', help: 'Events that were put into the dead table, by whose fault that is.', labelNames: ['fault'], registers });
  const latency = new Histogram({ name: 'rekey_request_to_relay_seconds', help: 'From the event’s time to the 250 with which a relay takes its mail.', buckets: latencyBuckets, registers });
  const attempts = new Histogram({ name: 'rekey_attempt_duration_seconds', help: 'How long attempts to send a mail took, by the stage at which they ended.', labelNames: ['stage'], buckets: attemptBuckets, registers });
  for (const phase of ['pre', 'data']) rescued.inc({ phase }, 0);
  return {
    accepted: (mails) => accepted.inc(mails),
    dead: (fault, events) => dead.inc({ fault }, events),
    finished: ({ state, eventType }) => finished.inc({ state, type: eventType }),
    // Two machines' clocks: one that is behind the other measures no negative time.
    taken: (requestedAt) => latency.observe(Math.max(0, (Date.now() - requestedAt.getTime()) / 1_000)),
    attempted: (stage, seconds) => attempts.observe({ stage }, seconds),
    uncertain: () => uncertain.inc(),
    rescued: (phase) => rescued.inc({ phase }),
  };
}

import type { AcceptedRequest, LoadReport } from '../load/load-order.ts';
import type { LoadStep } from '../load/load-step.ts';
import { backlogOf, backlogOverTime, type Backlog } from '../measure/backlog.ts';
import { Histogram, type Percentiles } from '../measure/histogram.ts';
import type { MailArrivals } from './mail-arrivals.ts';

export interface DeliveryStep extends LoadStep {
  /** From the moment the 202 was there to the relay having the closing dot. */
  readonly acceptedToRelay: Percentiles;
  /** From the moment the request was due. */
  readonly intendedToRelay: Percentiles;
  /** Mails that had not come in the end: in the histograms with the time that was waited. */
  readonly missing: number;
  readonly duplicates: number;
  /** Whose mail was there before the 202 was read: counted as 0. */
  readonly beforeTheAnswer: number;
}

/** How long a step's last mails are waited for. */
const patienceMs = 120_000;
const everyMs = 250;

/** Mails that were accepted and had not arrived, as long as requests were sent. */
export async function backlogOfMails({ accepted, startedAt, elapsedSeconds }: LoadReport, arrivals: MailArrivals): Promise<Backlog> {
  const users = accepted.map(({ user }) => user);
  await arrivals.untilAllHave(users, patienceMs);
  const arrivedAt = users.flatMap((user) => arrivals.of(user) ?? []).sort((a, b) => a - b);
  const acceptedAt = accepted.map((request) => request.acceptedAt);
  return backlogOf(backlogOverTime(acceptedAt, arrivedAt, { from: startedAt, to: startedAt + elapsedSeconds * 1_000, everyMs }));
}

export function deliveryStep(step: LoadStep, accepted: readonly AcceptedRequest[], arrivals: MailArrivals): DeliveryStep {
  const [acceptedToRelay, intendedToRelay] = [new Histogram(), new Histogram()];
  let [missing, beforeTheAnswer] = [0, 0];
  for (const { user, intendedAt, acceptedAt } of accepted) {
    const arrivedAt = arrivals.of(user);
    if (arrivedAt === null) missing++;
    else if (arrivedAt < acceptedAt) beforeTheAnswer++;
    const there = arrivedAt ?? acceptedAt + patienceMs;
    acceptedToRelay.record((there - acceptedAt) * 1_000);
    intendedToRelay.record((there - intendedAt) * 1_000);
  }
  return {
    ...step,
    verdict: missing > 0 ? 'errors' : step.verdict,
    acceptedToRelay: acceptedToRelay.percentiles(),
    intendedToRelay: intendedToRelay.percentiles(),
    missing,
    duplicates: arrivals.duplicatesAmong(accepted.map(({ user }) => user)),
    beforeTheAnswer,
  };
}

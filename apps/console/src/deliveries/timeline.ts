import type { Timeline } from './deliveries.ts';

type Attempt = Timeline['attemptsMade'][number];
type Bounce = Timeline['bounces'][number];
type Replay = Timeline['replays'][number];

/** What happened to a mail, or is to. */
export type Step = { readonly at: string } & (
  | { readonly kind: 'requested' | 'accepted' | 'ended' | 'password-set' | 'next-attempt' }
  | { readonly kind: 'attempt'; readonly attempt: Attempt }
  | { readonly kind: 'bounce'; readonly bounce: Bounce }
  | { readonly kind: 'replay'; readonly replay: Replay }
);

/** From the request to the relay's 250 and the new password, one after the other. */
export function stepsOf({ requestedAt, acceptedAt, attemptsMade, bounces, replays, state, finishedAt, passwordSetAt, nextAttemptAt }: Timeline): readonly Step[] {
  const steps: Step[] = [
    { kind: 'requested', at: requestedAt },
    { kind: 'accepted', at: acceptedAt },
    ...attemptsMade.map((attempt) => ({ kind: 'attempt' as const, at: attempt.startedAt, attempt })),
    ...bounces.map((bounce) => ({ kind: 'bounce' as const, at: bounce.at, bounce })),
    ...replays.map((replay) => ({ kind: 'replay' as const, at: replay.at, replay })),
  ];
  // Of what was sent, the attempt that did it tells.
  if (finishedAt !== null && state !== 'SENT') steps.push({ kind: 'ended', at: finishedAt });
  if (passwordSetAt !== null) steps.push({ kind: 'password-set', at: passwordSetAt });
  const past = steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return nextAttemptAt === null ? past : [...past, { kind: 'next-attempt', at: nextAttemptAt }];
}

/** @returns the milliseconds between the two; clocks of two machines may disagree */
export function durationOf(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

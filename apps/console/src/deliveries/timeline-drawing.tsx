import { Code } from '@mantine/core';
import type { ReactNode } from 'react';
import { Moment } from '../page/moment.tsx';
import type { Timeline } from './deliveries.ts';
import { Dialogue } from './dialogue.tsx';
import { shownState } from './states.ts';
import { durationOf, stepsOf, type Step } from './timeline.ts';

/** One step below the other, each with how long after the one before it came. */
export function TimelineDrawing({ mail }: { readonly mail: Timeline }) {
  const steps = stepsOf(mail);
  return (
    <ol className="timeline">
      {steps.map((step, index) => {
        const { title, tone, children } = told(step, mail);
        const before = steps[index - 1];
        return (
          <li key={`${step.kind} ${step.at}`} className="timeline-step" data-tone={tone}>
            <p className="timeline-head">
              <strong>{title}</strong>
              <span className="quiet">
                <Moment at={step.at} />
                {before && step.kind !== 'next-attempt' && <span> (+{durationOf(before.at, step.at)})</span>}
              </span>
            </p>
            {children}
          </li>
        );
      })}
    </ol>
  );
}

interface Told {
  readonly title: string;
  readonly tone: 'good' | 'bad' | 'open' | 'plain';
  readonly children?: ReactNode;
}

function told(step: Step, { eventType, published, expiresAt, state, ending, queueId, possibleCopies }: Timeline): Told {
  switch (step.kind) {
    case 'requested':
      return {
        title: 'Requested',
        tone: 'plain',
        children: (
          <p className="quiet">
            <Code>{eventType}</Code> in {published.topic}, partition {published.partition}, offset {published.offset}
          </p>
        ),
      };
    case 'accepted':
      return { title: 'Accepted', tone: 'plain', children: <p className="quiet">To be sent until <Moment at={expiresAt} /></p> };
    case 'attempt': {
      const { number, stage, relay, reply, startedAt, endedAt, dialogue } = step.attempt;
      const sent = stage === 'sent';
      return {
        title: sent ? `Attempt ${number}: the relay has taken it` : `Attempt ${number}: failed at ${stage}`,
        tone: sent ? 'good' : 'bad',
        children: (
          <>
            <p className="reply">{reply}</p>
            <p className="quiet">
              {relay ?? 'No relay was reached'}, {durationOf(startedAt, endedAt)}
              {sent && queueId !== null && <>, known there as <Code>{queueId}</Code></>}
            </p>
            {dialogue.length > 0 && <Dialogue lines={dialogue} />}
          </>
        ),
      };
    }
    case 'replay':
      return { title: `Replayed by ${step.replay.by}`, tone: 'plain', children: step.replay.copy && <p className="quiet">Although it may have arrived before</p> };
    case 'ended':
      return { title: `Ended: ${shownState(state).label}`, tone: state === 'SUPERSEDED' || state === 'CANCELLED' ? 'plain' : 'bad', children: <p className="quiet">{ending}{possibleCopies > 0 && ` (may have arrived ${possibleCopies} times)`}</p> };
    case 'password-set':
      return { title: 'A new password was set by its link', tone: 'good' };
    case 'next-attempt':
      return { title: 'To be tried next', tone: 'open' };
  }
}

import { Code } from '@mantine/core';
import { useFormats, type Formats } from '@rekey/web';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { Moment } from '../page/moment.tsx';
import type { Timeline } from './deliveries.ts';
import { Dialogue } from './dialogue.tsx';
import { durationOf, stepsOf, type Step } from './timeline.ts';

/** One step below the other, each with how long after the one before it came. */
export function TimelineDrawing({ mail }: { readonly mail: Timeline }) {
  const { t } = useTranslation('deliveries');
  const formats = useFormats();
  const steps = stepsOf(mail);
  return (
    <ol className="timeline">
      {steps.map((step, index) => {
        const { title, tone, children } = told(step, mail, t, formats);
        const before = steps[index - 1];
        return (
          <li key={`${step.kind} ${step.at} ${title}`} className="timeline-step" data-tone={tone}>
            <p className="timeline-head">
              <strong>{title}</strong>
              <span className="quiet">
                <Moment at={step.at} />
                {before && step.kind !== 'next-attempt' && <span> (+{formats.duration(durationOf(before.at, step.at))})</span>}
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

function told(step: Step, { eventType, published, expiresAt, state, ending, queueId, possibleCopies }: Timeline, t: TFunction<'deliveries'>, { moment, duration }: Formats): Told {
  switch (step.kind) {
    case 'requested':
      return {
        title: t('timeline.requested'),
        tone: 'plain',
        children: (
          <p className="quiet">
            <Trans t={t} i18nKey="timeline.published" values={{ eventType, ...published }} components={{ code: <Code /> }} />
          </p>
        ),
      };
    case 'accepted':
      return { title: t('timeline.accepted'), tone: 'plain', children: <p className="quiet">{t('timeline.until', { at: moment(expiresAt) })}</p> };
    case 'attempt': {
      const { number, stage, relay, reply, startedAt, endedAt, dialogue } = step.attempt;
      const sent = stage === 'sent';
      return {
        title: sent ? t('timeline.taken', { number }) : t('timeline.failed', { number, stage }),
        tone: sent ? 'good' : 'bad',
        children: (
          <>
            <p className="reply">
              <bdi>{reply}</bdi>
            </p>
            <p className="quiet">
              {t('timeline.by', { relay: relay ?? t('timeline.noRelay'), duration: duration(durationOf(startedAt, endedAt)) })}
              {sent && queueId !== null && <Trans t={t} i18nKey="timeline.queued" values={{ queueId }} components={{ code: <Code /> }} />}
            </p>
            {dialogue.length > 0 && <Dialogue lines={dialogue} />}
          </>
        ),
      };
    }
    case 'bounce': {
      const { kind, reason, by } = step.bounce;
      return {
        title: t(`timeline.bounces.${kind}`),
        tone: kind === 'soft' ? 'open' : 'bad',
        children: (
          <>
            <p className="reply">{reason}</p>
            <p className="quiet">{t('timeline.toldBy', { who: by })}</p>
          </>
        ),
      };
    }
    case 'replay':
      return { title: t('timeline.replayed', { who: step.replay.by }), tone: 'plain', children: step.replay.copy && <p className="quiet">{t('timeline.copy')}</p> };
    case 'ended':
      return {
        title: t('timeline.ended', { state: t(`states.${state}.label`) }),
        tone: state === 'SUPERSEDED' || state === 'CANCELLED' ? 'plain' : 'bad',
        children: <p className="quiet">{ending}{possibleCopies > 0 && ` ${t('timeline.copies', { count: possibleCopies })}`}</p>,
      };
    case 'password-set':
      return { title: t('timeline.passwordSet'), tone: 'good' };
    case 'next-attempt':
      return { title: t('timeline.next'), tone: 'open' };
  }
}

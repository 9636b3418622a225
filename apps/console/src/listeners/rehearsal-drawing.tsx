import { Code } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import type { Rehearsal } from './dry-run.ts';

/** Each listener that was asked, in that order, with what it said and how long that took; and what it comes to. */
export function RehearsalDrawing({ rehearsal }: { readonly rehearsal: Rehearsal }) {
  const { t } = useTranslation('listeners');
  const { number } = useFormats();
  const { steps, refusal, wouldBePerformed } = rehearsal;
  return (
    <ol className="timeline">
      {steps.length === 0 && <li className="timeline-step">{t('dryRun.nobodyAsked')}</li>}
      {steps.map(({ listener, hook, verdict, microseconds }, index) => (
        <li key={index} className="timeline-step" data-tone={verdict === 'continue' ? 'good' : 'bad'}>
          <div className="timeline-head">
            <strong>{listener}</strong>
            <span className="quiet">{t('microseconds', { time: number(microseconds) })}</span>
          </div>
          <p>
            <Code>{hook}</Code> {verdict === 'continue' ? t('dryRun.continues') : t('dryRun.refuses', { code: verdict })}
          </p>
        </li>
      ))}
      <li className="timeline-step" data-tone={wouldBePerformed ? 'good' : 'bad'}>
        <strong>{refusal ? t('dryRun.refused', { code: refusal.code }) : wouldBePerformed ? t('dryRun.performed') : t(whyNot(rehearsal))}</strong>
        {refusal && <p>{refusal.message}</p>}
        {refusal && refusal.reasons.length > 0 && (
          <ul className="done-list">
            {refusal.reasons.map(({ code, message }) => (
              <li key={code}>
                {message} <Code>{code}</Code>
              </li>
            ))}
          </ul>
        )}
      </li>
    </ol>
  );
}

/** No listener is against it. */
function whyNot({ operation, exists }: Rehearsal): 'dryRun.taken' | 'dryRun.noUser' | 'dryRun.notDone' {
  if (operation === 'addUser') return exists ? 'dryRun.taken' : 'dryRun.notDone';
  return exists ? 'dryRun.notDone' : 'dryRun.noUser';
}

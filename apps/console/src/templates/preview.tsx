import { Alert, SegmentedControl, Title } from '@mantine/core';
import { Failure, useFormats, Waiting } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MailFrame } from './mail-frame.tsx';
import { faultIn } from './template-fault.ts';
import type { usePreview } from './templates.ts';
import { useLast } from './use-last.ts';

const views = ['wide', 'narrow', 'text'] as const;
const schemes = ['light', 'dark'] as const;

/** Of the HTML alone; what is behind it, Gmail shows on demand. */
const shownByGmailBytes = 102_000;

/** What the mail would be, filled in with the data of nobody: as wide and narrow programs show it, light and dark, and as those that show no HTML do. */
export function Preview({ preview: { data: newest, error, refetch } }: { readonly preview: ReturnType<typeof usePreview> }) {
  const { t } = useTranslation('templates');
  const { number } = useFormats();
  const [view, setView] = useState<(typeof views)[number]>('wide');
  const [scheme, setScheme] = useState<(typeof schemes)[number]>('light');
  const data = useLast(newest);
  const bytes = new Blob([data?.html ?? '']).size;
  return (
    <section className="block preview" aria-label={t('preview')}>
      <div className="preview-head">
        <Title order={2}>{t('preview')}</Title>
        {data && data.previewId !== null && (
          <>
            <SegmentedControl size="sm" aria-label={t('shownAs')} value={view} onChange={setView} data={views.map((value) => ({ value, label: t(value) }))} />
            {view !== 'text' && <SegmentedControl size="sm" aria-label={t('programIs')} value={scheme} onChange={setScheme} data={schemes.map((value) => ({ value, label: t(value) }))} />}
          </>
        )}
      </div>
      {error && !faultIn(error) && <Failure error={error} onRetry={() => void refetch()} />}
      {faultIn(error) && <p className="quiet">{t('lastWithoutFault')}</p>}
      {bytes > shownByGmailBytes && (
        <Alert color="yellow" role="status" variant="light">
          {t('clipped', { kilobytes: number(Math.ceil(bytes / 1_000)) })}
        </Alert>
      )}
      {data === undefined ? (
        !error && <Waiting />
      ) : (
        <article className="mail">
          <p className="mail-subject" dir="auto">
            {data.subject}
          </p>
          {data.previewId === null || view === 'text' ? (
            <pre className="mail-text" dir="auto" tabIndex={0} aria-label={t('asText')}>
              {data.text}
            </pre>
          ) : (
            <MailFrame title={t('asHtml')} previewId={data.previewId} scheme={scheme} width={view} />
          )}
        </article>
      )}
    </section>
  );
}

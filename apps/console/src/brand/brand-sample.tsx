import { SegmentedControl, Title } from '@mantine/core';
import { Failure, useFormats, Waiting } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MailFrame } from '../templates/mail-frame.tsx';
import { useLast } from '../templates/use-last.ts';
import { faultIn, type useBrandPreview } from './brand.ts';

const schemes = ['light', 'dark'] as const;
const judged = ['buttonText', 'text'] as const;

/** The tenant's own mail in this brand, and how well its words can be read. The logo shows its words: nothing from elsewhere is loaded here. */
export function BrandSample({ preview: { data: newest, error, refetch } }: { readonly preview: ReturnType<typeof useBrandPreview> }) {
  const { t } = useTranslation('brand');
  const { number } = useFormats();
  const [scheme, setScheme] = useState<(typeof schemes)[number]>('light');
  const data = useLast(newest);
  return (
    <section className="block preview" aria-label={t('sample')}>
      <div className="preview-head">
        <Title order={2}>{t('sample')}</Title>
        <SegmentedControl size="sm" aria-label={t('programIs')} value={scheme} onChange={setScheme} data={schemes.map((value) => ({ value, label: t(value) }))} />
      </div>
      {error && !faultIn(error) && <Failure error={error} onRetry={() => void refetch()} />}
      {faultIn(error) && <p className="quiet">{t('lastThatFits')}</p>}
      {data === undefined ? (
        !error && <Waiting />
      ) : (
        <>
          <div role="status" className="quiet">
            {!error && judged.map((color) => <p key={color}>{t(`${color}Contrast`, { ratio: number(Math.floor(data.contrasts[color] * 10) / 10) })}</p>)}
          </div>
          <article className="mail">
            <p className="mail-subject" dir="auto">
              {data.subject}
            </p>
            {data.previewId === null ? <pre className="mail-text">{data.text}</pre> : <MailFrame title={t('mail')} previewId={data.previewId} scheme={scheme} />}
          </article>
        </>
      )}
    </section>
  );
}

import { NativeSelect, SegmentedControl, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../page/loaded.tsx';
import { Differences } from './differences.tsx';
import { useVersion, type TemplatePlace, type Version } from './templates.ts';

/** What two versions say differently. @param versions that say something, newest first: two at least */
export function Comparison({ place, versions }: { readonly place: TemplatePlace; readonly versions: readonly Version[] }) {
  const { t } = useTranslation('templates');
  const numbers = versions.map(({ version }) => version);
  const [after, setAfter] = useState(numbers[0] ?? 0);
  const [before, setBefore] = useState(numbers[1] ?? 0);
  const [isBeside, setIsBeside] = useState(false);
  const [older, newer] = [useVersion(place, before), useVersion(place, after)];
  const data = versions.map(({ version, subject }) => ({ value: String(version), label: t('versionOf', { version, subject }) }));
  return (
    <section className="block" aria-label={t('compare')}>
      <Title order={3}>{t('compare')}</Title>
      <div className="line">
        <NativeSelect className="line-field" label={t('before')} data={data} value={String(before)} onChange={({ currentTarget }) => setBefore(Number(currentTarget.value))} />
        <NativeSelect className="line-field" label={t('after')} data={data} value={String(after)} onChange={({ currentTarget }) => setAfter(Number(currentTarget.value))} />
        <SegmentedControl
          size="sm"
          aria-label={t('shownAs')}
          value={isBeside ? 'beside' : 'below'}
          onChange={(value) => setIsBeside(value === 'beside')}
          data={(['below', 'beside'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </div>
      <Loaded query={older}>
        {(one) => (
          <Loaded query={newer}>
            {(other) => one.template && other.template && <Differences before={one.template} after={other.template} isBeside={isBeside} level={4} />}
          </Loaded>
        )}
      </Loaded>
    </section>
  );
}

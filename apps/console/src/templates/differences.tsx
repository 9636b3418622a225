import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Difference } from './difference.tsx';
import { differenceOf } from './template-difference.ts';
import type { Template } from './templates.ts';

interface DifferencesProps {
  readonly before: Template;
  readonly after: Template;
  readonly isBeside: boolean;
  /** Of the headings, below the one that they stand under. */
  readonly level: 2 | 4;
}

/** What two templates say differently, part by part. */
export function Differences({ before, after, isBeside, level }: DifferencesProps) {
  const { t } = useTranslation('templates');
  const changed = differenceOf(before, after);
  if (changed.length === 0) return <p className="quiet">{t('noDifference')}</p>;
  return changed.map(({ part, hunks }) => (
    <div key={part} className="block">
      <Title order={level}>{t(part)}</Title>
      <Difference label={t('differenceOf', { part: t(part) })} hunks={hunks} isBeside={isBeside} />
    </div>
  ));
}

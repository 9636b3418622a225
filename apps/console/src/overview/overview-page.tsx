import { Anchor } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { Fact } from '../page/fact.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { countMarks, durationMarks } from './axis.ts';
import { rangeOf, useOverview, type Overview, type Part, type Range } from './overview.ts';
import { Plot } from './plot.tsx';

const choices = ['hour', 'day', 'week'] as const satisfies readonly Range[];

/** How recovery fares: what was asked for, what was mailed, what failed, how long it took. */
export function OverviewPage() {
  const { t } = useTranslation('overview');
  const [address] = useSearchParams();
  const range = rangeOf(address.get('range'));
  const overview = useOverview(range);
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <nav className="ranges" aria-label={t('ranges')}>
        {choices.map((choice) => (
          <Anchor key={choice} component={Link} to={`?range=${choice}`} replace aria-current={choice === range ? 'true' : undefined}>
            {t(`range.${choice}`)}
          </Anchor>
        ))}
      </nav>
      <Loaded query={overview}>{(shown) => <Figures {...shown} />}</Loaded>
    </>
  );
}

function Figures({ overview: { buckets, open, oldestOpenAt }, range }: { readonly overview: Overview; readonly range: Range }) {
  const { t } = useTranslation('overview');
  const { number, duration } = useFormats();
  const sum = (value: (part: Part) => number): string => number(buckets.reduce((total, part) => total + value(part), 0));
  const greatest = (value: (part: Part) => number | null): string => {
    const values = buckets.flatMap((part) => value(part) ?? []);
    return values.length === 0 ? t('none') : t('atMost', { duration: duration(Math.max(...values)) });
  };
  const outcomes = ['REJECTED', 'UNCERTAIN_CLOSED', 'EXPIRED', 'SUPPRESSED', 'CAPPED'] as const;
  const oldestMs = ({ oldestSeconds }: Part) => (oldestSeconds === null ? null : oldestSeconds * 1_000);
  const counts = { range, parts: buckets, unit: t(`per.${range}`), format: number, marksTo: countMarks };
  const durations = { range, parts: buckets, format: duration, marksTo: durationMarks };
  return (
    <>
      <dl className="facts">
        <Fact name={t('open')}>{number(open)}</Fact>
        <Fact name={t('oldest')}>{oldestOpenAt === null ? t('none') : <Moment at={oldestOpenAt} />}</Fact>
      </dl>
      <div className="plots">
        <Plot
          title={t('flow')}
          {...counts}
          nothing={t('nothing.flow')}
          series={[
            { name: t('requests'), sum: sum(({ requests }) => requests), value: ({ requests }) => requests },
            { name: t('sent'), sum: sum(({ sent }) => sent), value: ({ sent }) => sent },
          ]}
        />
        <Plot
          title={t('failures')}
          {...counts}
          nothing={t('nothing.failures')}
          series={outcomes
            .filter((outcome) => buckets.some(({ failures }) => (failures[outcome] ?? 0) > 0))
            .map((outcome) => ({ name: t(`outcome.${outcome}`), sum: sum(({ failures }) => failures[outcome] ?? 0), value: ({ failures }) => failures[outcome] ?? 0 }))}
        />
        <Plot
          title={t('latency')}
          {...durations}
          unit={t('latencyUnit')}
          nothing={t('nothing.latency')}
          series={[
            { name: t('median'), sum: greatest(({ medianMs }) => medianMs), value: ({ medianMs }) => medianMs },
            { name: t('p95'), sum: greatest(({ p95Ms }) => p95Ms), value: ({ p95Ms }) => p95Ms },
          ]}
        />
        <Plot
          title={t('waiting')}
          {...durations}
          unit={t('waitingUnit')}
          nothing={t('nothing.waiting')}
          series={[{ name: t('waited'), sum: greatest(oldestMs), value: (part) => oldestMs(part) ?? 0 }]}
        />
      </div>
    </>
  );
}

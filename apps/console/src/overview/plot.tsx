import { Title } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import type { Part } from './overview.ts';

export interface Series {
  readonly name: string;
  /** What it came to altogether, in words. */
  readonly sum: string;
  /** null: there was nothing to measure. */
  readonly value: (part: Part) => number | null;
}

interface PlotProps {
  readonly title: string;
  /** What the numbers count or measure, and in which time. */
  readonly unit: string;
  readonly parts: readonly Part[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Said in the place of a plot that would be empty. */
  readonly nothing: string;
}

/** Some numbers over time: drawn, and as a table for whoever does not see the drawing or wants the figures. */
export function Plot({ title, unit, parts, series, format, nothing }: PlotProps) {
  const { t } = useTranslation('overview');
  const titleId = useId();
  const formats = useFormats();
  const greatest = Math.max(0, ...series.flatMap(({ value }) => parts.map((part) => value(part) ?? 0)));
  const told = parts.filter((part) => series.some(({ value }) => (value(part) ?? 0) > 0));
  const [first, last] = [parts[0], parts.at(-1)];
  return (
    <section className="plot" aria-labelledby={titleId}>
      <div className="plot-head">
        <Title order={2} id={titleId}>
          {title}
        </Title>
        <span className="quiet">{unit}</span>
      </div>
      <ul className="plot-series">
        {series.map(({ name, sum }, index) => (
          <li key={name}>
            <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <path className="plot-line" data-series={index} d="M0 4H24" />
            </svg>
            {name} <strong>{sum}</strong>
          </li>
        ))}
      </ul>
      {greatest === 0 || !first || !last ? (
        <p className="plot-nothing quiet">{nothing}</p>
      ) : (
        <>
          <div className="plot-drawing">
            <span className="plot-greatest quiet">{format(greatest)}</span>
            <svg viewBox={`0 0 ${parts.length} 100`} preserveAspectRatio="none" role="img" aria-label={t('drawing', { title, sums: series.map(({ name, sum }) => `${name} ${sum}`).join(', ') })}>
              <path className="plot-grid" d={`M0 0H${parts.length}M0 50H${parts.length}M0 100H${parts.length}`} />
              {series.map(({ name, value }, index) => (
                <path key={name} className="plot-line" data-series={index} d={stepsOf(parts.map(value), greatest)} />
              ))}
            </svg>
            <span className="plot-span quiet">
              <Moment at={first.from} />
              <span>{t('now')}</span>
            </span>
          </div>
          <details>
            <summary>{t('asTable')}</summary>
            <Table label={title} columns={[t('from'), ...series.map(({ name }) => name)]}>
              {told.map((part) => (
                <tr key={part.from}>
                  <th scope="row">{formats.moment(part.from)}</th>
                  {series.map(({ name, value }) => (
                    <td key={name} className="number">
                      {toldValue(value(part), format)}
                    </td>
                  ))}
                </tr>
              ))}
            </Table>
          </details>
        </>
      )}
    </section>
  );
}

function toldValue(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}

/** A step for each part; where there is nothing, a gap. */
function stepsOf(values: readonly (number | null)[], greatest: number): string {
  return values
    .flatMap((value, index) => {
      if (value === null) return [];
      const y = 100 - (value / greatest) * 98;
      return [`${(values[index - 1] ?? null) === null ? 'M' : 'L'}${index} ${y.toFixed(2)}H${index + 1}`];
    })
    .join('');
}

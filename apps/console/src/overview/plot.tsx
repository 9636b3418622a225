import { Title } from '@mantine/core';
import { useFormats } from '@rekey/web';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Table } from '../page/table.tsx';
import type { Part } from './overview.ts';
import { PlotDrawing, type PlotDrawingProps } from './plot-drawing.tsx';

interface PlotProps extends Omit<PlotDrawingProps, 'marks' | 'pointed' | 'onPoint'> {
  /** What the numbers count or measure, and in which time. */
  readonly unit: string;
  /** Where the values are marked, from 0 to no less than the greatest. */
  readonly marksTo: (greatest: number) => readonly number[];
  /** Said in the place of a plot that would be empty. */
  readonly nothing: string;
}

/** Some numbers over time: drawn, with those of the part that is pointed at; and as a table for whoever does not see the drawing, or wants all the figures. */
export function Plot({ title, unit, range, parts, series, format, marksTo, nothing }: PlotProps) {
  const { t } = useTranslation('overview');
  const titleId = useId();
  const { moment } = useFormats();
  const [pointed, setPointed] = useState<Part | null>(null);
  const greatest = Math.max(0, ...series.flatMap(({ value }) => parts.map((part) => value(part) ?? 0)));
  const told = (value: number | null): string => (value === null ? '–' : format(value));
  return (
    <section className="plot" aria-labelledby={titleId}>
      <div className="plot-head">
        <Title order={2} id={titleId}>
          {title}
        </Title>
        <span className="quiet">{pointed ? moment(pointed.from) : unit}</span>
      </div>
      <ul className="plot-series">
        {series.map(({ name, sum, value }, index) => (
          <li key={name}>
            <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <path className="plot-line" data-series={index} d="M0 4H24" />
            </svg>
            {name} <strong>{pointed ? told(value(pointed)) : sum}</strong>
          </li>
        ))}
      </ul>
      {greatest === 0 ? (
        <p className="plot-nothing quiet">{nothing}</p>
      ) : (
        <>
          <PlotDrawing range={range} parts={parts} series={series} format={format} marks={marksTo(greatest)} title={title} pointed={pointed} onPoint={setPointed} />
          <details>
            <summary>{t('asTable')}</summary>
            <Table label={t('table', { title })} columns={[t('from'), ...series.map(({ name }) => name)]}>
              {parts
                .filter((part) => series.some(({ value }) => (value(part) ?? 0) > 0))
                .map((part) => (
                  <tr key={part.from}>
                    <th scope="row">{moment(part.from)}</th>
                    {series.map(({ name, value }) => (
                      <td key={name} className="number">
                        {told(value(part))}
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

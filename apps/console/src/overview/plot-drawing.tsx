import { useFormats } from '@rekey/web';
import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { timeMarks } from './axis.ts';
import { ranges, type Part, type Range } from './overview.ts';

interface Series {
  readonly name: string;
  /** What it came to altogether, in words. */
  readonly sum: string;
  /** null: there was nothing to measure. */
  readonly value: (part: Part) => number | null;
}

export interface PlotDrawingProps {
  readonly title: string;
  readonly range: Range;
  readonly parts: readonly Part[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly marks: readonly number[];
  readonly pointed: Part | null;
  readonly onPoint: (part: Part | null) => void;
}

/** The numbers as steps between the marks of a grid. Time runs as the reader's language does. */
export function PlotDrawing({ title, range, parts, series, format, marks, pointed, onPoint }: PlotDrawingProps) {
  const { t, i18n } = useTranslation('overview');
  const formats = useFormats();
  const { lengthMs, partMs, markMinutes, marked } = ranges[range];
  const beginMs = Date.parse(parts[0]?.from ?? '');
  const times = timeMarks(beginMs, beginMs + lengthMs, markMinutes).map((at) => ({ at, along: (at - beginMs) / lengthMs }));
  const top = marks.at(-1) ?? 1;
  const [first] = series;
  const point = ({ clientX, currentTarget }: PointerEvent<SVGSVGElement>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const along = (clientX - left) / width;
    onPoint(parts[Math.floor((i18n.dir() === 'rtl' ? 1 - along : along) * parts.length)] ?? null);
  };
  return (
    <div className="plot-drawing">
      <ol className="plot-values" aria-hidden="true">
        {marks.map((mark) => (
          <li key={mark}>{mark === 0 ? formats.number(0) : format(mark)}</li>
        ))}
      </ol>
      <svg viewBox={`0 0 ${lengthMs / partMs} 100`} preserveAspectRatio="none" role="img" aria-label={t('drawing', { title, sums: series.map(({ name, sum }) => `${name} ${sum}`).join(', ') })} onPointerMove={point} onPointerDown={point} onPointerLeave={() => onPoint(null)}>
        <path className="plot-grid" d={[...marks.map((mark) => `M0 ${heightOf(mark, top)}H${parts.length}`), ...times.map(({ along }) => `M${along * parts.length} 100V0`)].join('')} />
        {first && <path className="plot-area" d={areaOf(parts.map(first.value), top)} />}
        {pointed && <rect className="plot-pointed" x={(Date.parse(pointed.from) - beginMs) / partMs} width={1} height={100} />}
        {series.map(({ name, value }, index) => (
          <path key={name} className="plot-line" data-series={index} d={stepsOf(parts.map(value), top)} />
        ))}
      </svg>
      <div className="plot-times" aria-hidden="true">
        {times.map(({ at, along }) => (
          <span key={at} style={{ insetInlineStart: `${along * 100}%` }}>
            {formats[marked](new Date(at).toISOString())}
          </span>
        ))}
      </div>
    </div>
  );
}

/** A step for each part; where there is nothing, a gap. */
function stepsOf(values: readonly (number | null)[], top: number): string {
  return values.map((value, index) => (value === null ? '' : `${(values[index - 1] ?? null) === null ? 'M' : 'L'}${index} ${heightOf(value, top)}H${index + 1}`)).join('');
}

/** What lies beneath such steps. */
function areaOf(values: readonly (number | null)[], top: number): string {
  return values.map((value, index) => (value === null ? '' : `M${index} 100V${heightOf(value, top)}H${index + 1}V100Z`)).join('');
}

/** From the upper edge. */
function heightOf(value: number, top: number): string {
  return (100 - (value / top) * 100).toFixed(2);
}

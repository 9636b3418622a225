import { useTranslation } from 'react-i18next';
import { besideEachOther, type DiffLine } from './template-difference.ts';

interface DifferenceProps {
  /** What it is a difference of. */
  readonly label: string;
  readonly hunks: readonly (readonly DiffLine[])[];
  readonly isBeside: boolean;
}

/** Lines that were removed and added: told by a sign and a word for screen readers, too, not by colour alone. */
export function Difference({ label, hunks, isBeside }: DifferenceProps) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="difference" data-beside={isBeside || undefined}>
        {hunks.map((hunk, index) => (
          <tbody key={index}>{isBeside ? <Beside hunk={hunk} /> : hunk.map((line, at) => <One key={at} line={line} />)}</tbody>
        ))}
      </table>
    </div>
  );
}

function One({ line }: { readonly line: DiffLine }) {
  return (
    <tr>
      <td className="line-number">{line.before}</td>
      <td className="line-number">{line.after}</td>
      <Line line={line} />
    </tr>
  );
}

function Beside({ hunk }: { readonly hunk: readonly DiffLine[] }) {
  return besideEachOther(hunk).map(({ before, after }, index) => (
    <tr key={index}>
      <td className="line-number">{before?.before}</td>
      <Line line={before} />
      <td className="line-number">{after?.after}</td>
      <Line line={after} />
    </tr>
  ));
}

function Line({ line }: { readonly line: DiffLine | null }) {
  const { t } = useTranslation('templates');
  if (!line) return <td className="line-of" data-kind="none" />;
  const { kind, text } = line;
  if (kind === 'same') return <td className="line-of">{text}</td>;
  const Marked = kind === 'added' ? 'ins' : 'del';
  return (
    <td className="line-of" data-kind={kind}>
      <Marked>
        <span className="visually-hidden">{t(kind)}</span>
        {text}
      </Marked>
    </td>
  );
}

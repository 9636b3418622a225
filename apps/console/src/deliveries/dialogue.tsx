import type { Timeline } from './deliveries.ts';

type Line = Timeline['attemptsMade'][number]['dialogue'][number];

const speakers: Readonly<Record<Line['who'], string>> = { client: 'Rekey', relay: 'Relay', network: 'Network' };

/** What was said to the relay and by it, folded: it is for whoever looks closely. */
export function Dialogue({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <details className="dialogue">
      <summary>Dialogue ({lines.length === 1 ? '1 line' : `${lines.length} lines`})</summary>
      <ol>
        {lines.map(({ who, line, atMs }, index) => (
          <li key={index} data-who={who}>
            <span className="dialogue-who">{speakers[who]}</span>
            <code>{line}</code>
            <span className="quiet">{atMs.toFixed(1)} ms</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

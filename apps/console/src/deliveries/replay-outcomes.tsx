import { countsOf, mailsOf, type Outcomes, type Verdict } from './replay.ts';

const meanings: Readonly<Record<Verdict, string>> = {
  replayed: 'on the way again',
  open: 'on the way already',
  sent: 'left: taken by the relay already',
  overtaken: 'left: a newer mail has taken the place, and only the newest link works',
  void: 'left: the link is void',
  'expires-soon': 'left: the link has expired, or is about to',
  'may-be-a-copy': 'left: may have arrived already',
  'still-unreadable': 'left: still cannot be read',
};

/** How many were replayed, and how many were not, for which reason. */
export function ReplayOutcomes({ outcomes }: { readonly outcomes: Outcomes }) {
  const counts = countsOf(outcomes);
  if (counts.length === 0) return <p>Nothing was left to replay.</p>;
  return (
    <ul className="outcomes">
      {counts.map(({ verdict, count }) => (
        <li key={verdict}>
          <strong>{mailsOf(count)}</strong> {meanings[verdict]}
        </li>
      ))}
    </ul>
  );
}

import type { ForcedReset } from './forced-resets.ts';

/** How many have had their turn. */
export function Progress({ forcedReset: { total, done, failed, skipped } }: { readonly forcedReset: ForcedReset }) {
  const taken = done + failed + skipped;
  const text = `${taken.toLocaleString()} of ${total.toLocaleString()}`;
  return (
    <span className="progress">
      <progress max={Math.max(total, 1)} value={total === 0 ? 1 : taken} aria-label="Users that have had their turn" />
      <span>{text}</span>
    </span>
  );
}

import { diffLines } from 'diff';
import { parts, type Part } from './template-fault.ts';
import type { Template } from './templates.ts';

/** A line of one version or of both, with its number in each. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Lines beside each other; null: there is none on that side. */
export interface DiffPair {
  readonly before: DiffLine | null;
  readonly after: DiffLine | null;
}

/** Of what is the same, so many lines stand around a change. */
const around = 3;

/** @returns by part, in runs of lines, what one version says and the other does not; parts that say the same are not there */
export function differenceOf(before: Template, after: Template): readonly { readonly part: Part; readonly hunks: readonly (readonly DiffLine[])[] }[] {
  return parts.flatMap((part) => {
    const [one, other] = [before[part] ?? '', after[part] ?? ''];
    return one === other ? [] : [{ part, hunks: hunksOf(linesOf(one, other)) }];
  });
}

function linesOf(before: string, after: string): readonly DiffLine[] {
  let [left, right] = [0, 0];
  return diffLines(ended(before), ended(after)).flatMap(({ value, added, removed }) =>
    value
      .slice(0, -1)
      .split('\n')
      .map((text): DiffLine => {
        if (added) return { kind: 'added', text, before: null, after: ++right };
        return removed ? { kind: 'removed', text, before: ++left, after: null } : { kind: 'same', text, before: ++left, after: ++right };
      }),
  );
}

/** Whether the last line has an end is no difference. */
function ended(text: string): string {
  return `${text.replace(/\r\n?/g, '\n').replace(/\n$/, '')}\n`;
}

function hunksOf(lines: readonly DiffLine[]): readonly (readonly DiffLine[])[] {
  const isNear = (index: number) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same');
  const hunks: DiffLine[][] = [];
  let isWithin = false;
  for (const [index, line] of lines.entries()) {
    if (!isNear(index)) {
      isWithin = false;
      continue;
    }
    if (!isWithin) hunks.push([]);
    isWithin = true;
    hunks.at(-1)?.push(line);
  }
  return hunks;
}

/** What was removed stands beside what was added in its place. */
export function besideEachOther(hunk: readonly DiffLine[]): readonly DiffPair[] {
  const pairs: DiffPair[] = [];
  for (let at = 0; at < hunk.length; ) {
    const run = (kind: DiffLine['kind']): readonly DiffLine[] => {
      const end = hunk.findIndex((line, index) => index >= at && line.kind !== kind);
      const taken = hunk.slice(at, end === -1 ? hunk.length : end);
      at += taken.length;
      return taken;
    };
    pairs.push(...run('same').map((line) => ({ before: line, after: line })));
    const [removed, added] = [run('removed'), run('added')];
    for (let index = 0; index < Math.max(removed.length, added.length); index++) pairs.push({ before: removed[index] ?? null, after: added[index] ?? null });
  }
  return pairs;
}

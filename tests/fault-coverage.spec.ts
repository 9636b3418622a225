import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './testing/started-program.ts';

interface Row {
  readonly number: string;
  readonly specs: readonly string[];
  readonly runs: readonly string[];
}

async function rows(): Promise<Row[]> {
  const text = await readFile(path.join(root, 'docs/fault-coverage.md'), 'utf8');
  const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return [...text.matchAll(/^\| ([FI]\d+) \| [^|]+ \|([^|]*)\|([^|]*)\|$/gm)].map(([, number = '', specs = '', runs = '']) => ({ number, specs: quoted(specs), runs: quoted(runs) }));
}

/** The numbers that titles of a file name, as `(F3, I1–I6)`. */
async function numbersIn(file: string): Promise<Set<string>> {
  const source = await readFile(path.join(root, file), 'utf8');
  const named = [...source.matchAll(/\(([^()]*\b[FI]\d[^()]*)\)['`]/g)].flatMap(([, inside = '']) => inside.split(', '));
  return new Set(named.flatMap((one) => {
    const [, letter = '', first = '', last = first] = /^([FI])(\d+)(?:–[FI](\d+))?$/.exec(one) ?? [];
    return letter === '' ? [] : Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${letter}${Number(first) + index}`);
  }));
}

const through = (letter: string, first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => `${letter}${first + index}`);

describe('docs/fault-coverage.md', () => {
  it('has every invariant, and every fault of delivery, once, and something that shows it', async () => {
    const found = await rows();
    expect(found.map(({ number }) => number)).toEqual([...through('I', 1, 8), ...through('F', 1, 5), ...through('F', 7, 13), ...through('F', 24, 41)]);
    expect(found.filter(({ specs, runs }) => specs.length + runs.length === 0)).toEqual([]);
  });

  it('names tests and runs whose titles have the number', async () => {
    const wrong: string[] = [];
    for (const { number, specs, runs } of await rows()) {
      for (const file of [...specs, ...runs.map((run) => `tests/faults/${run}.faults.ts`)]) {
        if (!(await numbersIn(file)).has(number)) wrong.push(`${number}: ${file}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

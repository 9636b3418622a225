import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './started-program.ts';

export interface Instruction {
  /** In capitals: `COPY`. */
  readonly word: string;
  /** `--from=build` is `from: build`. */
  readonly options: Readonly<Record<string, string>>;
  /** The rest of the line; where it is a JSON array (exec form), its elements. */
  readonly text: string;
  readonly words: readonly string[];
  readonly execForm: boolean;
}

export interface Stage {
  readonly name: string;
  /** An image, or the name of an earlier stage. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export const dockerfileName = 'deploy/Dockerfile';

/** Reads what this repository's own Dockerfile uses of the format: one instruction a line, options, the exec form. */
export async function readDockerfile(): Promise<ReadonlyMap<string, Stage>> {
  const stages = new Map<string, Stage & { instructions: Instruction[] }>();
  let current: (Stage & { instructions: Instruction[] }) | null = null;
  for (const line of (await readFile(path.join(root, dockerfileName), 'utf8')).split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const from = /^FROM (\S+) AS (\S+)$/.exec(line);
    if (from) {
      const [, base = '', name = ''] = from;
      current = { name, base, instructions: [] };
      stages.set(name, current);
    } else if (current) current.instructions.push(instructionOf(line));
    else throw new Error(`${dockerfileName} does not begin with FROM … AS …: ${line}`);
  }
  return stages;
}

function instructionOf(line: string): Instruction {
  const [, word = '', flags = '', text = ''] = /^([A-Z]+)((?: --[a-z-]+=\S+)*) (.*)$/.exec(line) ?? [];
  if (word === '') throw new Error(`${dockerfileName}: not an instruction this reads: ${line}`);
  const options = Object.fromEntries([...flags.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const array = /\[.*\]$/.exec(text)?.[0];
  return { word, options, text, words: array ? (JSON.parse(array) as string[]) : text.split(' '), execForm: array !== undefined };
}

/** The stage and those it is built on, the first one first. */
export function lineage(stages: ReadonlyMap<string, Stage>, name: string): Stage[] {
  const stage = stages.get(name);
  if (!stage) return [];
  return [...lineage(stages, stage.base), stage];
}

/** The last instruction of a kind that counts for the image, if any. */
export function lastOf(stages: ReadonlyMap<string, Stage>, name: string, word: string): Instruction | undefined {
  return lineage(stages, name)
    .flatMap(({ instructions }) => instructions)
    .findLast((instruction) => instruction.word === word);
}

/** What the image itself adds to the environment: `ENV NAME=value`. */
export function imageEnvironment(stages: ReadonlyMap<string, Stage>, name: string): Record<string, string> {
  const settings = lineage(stages, name).flatMap(({ instructions }) => instructions.filter(({ word }) => word === 'ENV'));
  return Object.fromEntries(settings.map(({ text }) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}

/** Which files of the checkout the images are built from: `.dockerignore`, as far as this repository's own uses its patterns. */
export async function buildContext(): Promise<(file: string) => boolean> {
  const patterns = (await readFile(path.join(root, '.dockerignore'), 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const rules = patterns.map((pattern) => {
    const plain = pattern.replace(/^!/, '');
    const expression = plain
      .split('/')
      .map((part) => (part === '**' ? '(?:.*/)?' : `${part.replace(/[.]/g, '\\.').replace(/\*/g, '[^/]*')}/`))
      .join('')
      .replace(/\/$/, '');
    return { included: pattern.startsWith('!'), matches: new RegExp(`^${expression}(?:/|$)`) };
  });
  return (file) => rules.findLast(({ matches }) => matches.test(file))?.included ?? true;
}

import { dottedKey, type EffectiveValue, type KeyPath } from '@rekey/deployment-config';
import { readArguments } from '../read-arguments.ts';
import type { Command } from '../terminal.ts';
import { namedDeployment } from './named-deployment.ts';

const usage = `
rekey config show [FILE]

Prints every value that counts, section by section as a deployment.toml has them, with where it comes from: file:line:column, the
$env{}, $ref{} or $secret{} behind it, KAFKA_BROKERS, or its default. Secrets are masked.

  FILE           default: REKEY_CONFIG, else the deployment.toml of the checkout. Beneath it lies the file that REKEY_LOCAL names, or what
                 a Rekey that runs in the data folder wrote about its own parts
`;

/** Where sources stand, unless a value is longer. */
const sourceColumn = 48;

export const configShow: Command = {
  summary: 'prints every value that counts, and where it comes from',
  usage,
  run(args, terminal) {
    const [file] = readArguments('config show', args, {}, 1).positionals;
    const { effective } = namedDeployment(file, terminal, { findLocalFile: true });
    terminal.out(`${linesOf(effective()).join('\n')}\n`);
  },
};

export function linesOf(values: readonly EffectiveValue[]): string[] {
  let table = '';
  return values.flatMap(({ path, value, source }) => {
    if (value === null) return [`# ${dottedKey(path)} is not set`];
    const around = path.slice(0, -1);
    const line = `${`${dottedKey(path.slice(-1))} = ${value}`.padEnd(sourceColumn)}  # ${source}`;
    if (dottedKey(around) === table) return [line];
    table = dottedKey(around);
    return ['', headerOf(around), line];
  });
}

/** As TOML names it: an element of an array by its double brackets, not by its number. */
function headerOf(path: KeyPath): string {
  const name = dottedKey(path.filter((part) => typeof part !== 'number'));
  return typeof path.at(-1) === 'number' ? `[[${name}]]` : `[${name}]`;
}

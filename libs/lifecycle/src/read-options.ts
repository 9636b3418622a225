import { parseArgs, type ParseArgsConfig } from 'node:util';
import { reasonOf } from '@rekey/observability';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;
type Values<Options extends OptionsConfig> = ReturnType<typeof parseArgs<{ options: Options; args: string[] }>>['values'];

/**
 * Reads the options a program was started with; `--help` prints the usage and ends the process.
 * @param usage what the program is for and what it takes, as a person reads it
 * @throws Error with one line that says which option is wrong
 */
export function readOptions<const Options extends OptionsConfig>(usage: string, options: Options, args: string[] = process.argv.slice(2)): Values<Options> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${usage.trim()}\n`);
    process.exit(0);
  }
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    const [reason = ''] = reasonOf(error).split(/\.\s/, 1);
    throw new Error(`${reason} (options of an npm script stand behind --: npm run … -- --help)`, { cause: error });
  }
}

/** @param option as it is named to the person. @throws Error naming it where it is no port */
export function portOf(option: string, given: string): number {
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw new Error(`${option} must be a port from 0 to 65535, not "${given}"`);
  return port;
}

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Fault, messageOf } from './terminal.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<Given extends Options> = ReturnType<typeof parseArgs<{ options: Given; args: string[]; allowPositionals: true }>>;

/**
 * @param command as it is named to the person
 * @param mostWords how many words may follow, beside the options
 * @throws Fault naming what is not understood
 */
export function readArguments<const Given extends Options>(command: string, args: readonly string[], options: Given, mostWords: number): Parsed<Given> {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    const extra = parsed.positionals[mostWords];
    if (extra !== undefined) throw new Fault(`rekey ${command} takes no "${extra}": rekey ${command} --help tells what it takes`);
    return parsed;
  } catch (error) {
    if (error instanceof Fault) throw error;
    const [reason = ''] = messageOf(error).split(/\.\s/, 1);
    throw new Fault(`${reason}: rekey ${command} --help tells what it takes`, { cause: error });
  }
}

// What a script of the checkout is told behind `npm run <name> --`. Programs have the like in libs/lifecycle, which must have been built.
import { parseArgs } from 'node:util';
import { fail } from './prepare.mjs';

/**
 * At `--help` prints the usage and ends; ends with one line where something is not understood.
 * @param {string} usage
 * @param {import('node:util').ParseArgsConfig['options']} options
 */
export function readOptions(usage, options, { allowPositionals = false } = {}) {
  const { values, positionals } = parsed({ options: { ...options, help: { type: 'boolean' } }, allowPositionals });
  if (!values.help) return { ...values, positionals };
  process.stdout.write(`${usage.trim()}\n`);
  return process.exit(0);
}

/** Ends with one line where one of them is no number above 0. @param {Record<string, string>} options by their names */
export function requireNumbers(options) {
  for (const [name, value] of Object.entries(options)) if (!(Number(value) > 0)) fail(`--${name} must be a number above 0, not "${value}"`);
}

function parsed(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    return fail(`${error.message.split(/\.\s/, 1)[0]}: --help says what there is`);
  }
}

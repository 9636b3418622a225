import { nearest } from '@rekey/deployment-config';
import { chain } from './chain/chain.ts';
import { configCheck } from './config/config-check.ts';
import { configShow } from './config/config-show.ts';
import { deadEventsDiscard, deadEventsList, deadEventsReplay, deadEventsShow } from './dead-events/dead-events.ts';
import { deliveriesFailures, deliveriesList, deliveriesReplay, deliveriesShow } from './deliveries/deliveries.ts';
import { forcedResetsCancel, forcedResetsList, forcedResetsPause, forcedResetsResume, forcedResetsShow, forcedResetsStart } from './forced-resets/forced-resets.ts';
import { keysNew } from './keys/keys-new.ts';
import { keysPublic } from './keys/keys-public.ts';
import { relaysList } from './relays/relays-list.ts';
import { relaysTest } from './relays/relays-test.ts';
import { rolesList, rolesSet } from './roles/roles.ts';
import { suppressedAddressesAdd, suppressedAddressesList, suppressedAddressesRemove } from './suppressed-addresses/suppressed-addresses.ts';
import { tenantsActivate, tenantsCreate, tenantsDeactivate, tenantsList } from './tenants/tenants.ts';
import { webhooksEnable, webhooksList } from './webhooks/webhooks.ts';
import { Fault, inertTerminal, messageOf, type Command, type Terminal } from './terminal.ts';

const commands: ReadonlyMap<string, Command> = new Map([
  ['config check', configCheck],
  ['config show', configShow],
  ['keys new', keysNew],
  ['keys public', keysPublic],
  ['relays test', relaysTest],
  ['relays list', relaysList],
  ['chain', chain],
  ['tenants list', tenantsList],
  ['tenants create', tenantsCreate],
  ['tenants activate', tenantsActivate],
  ['tenants deactivate', tenantsDeactivate],
  ['roles list', rolesList],
  ['roles set', rolesSet],
  ['forced-resets start', forcedResetsStart],
  ['forced-resets list', forcedResetsList],
  ['forced-resets show', forcedResetsShow],
  ['forced-resets pause', forcedResetsPause],
  ['forced-resets resume', forcedResetsResume],
  ['forced-resets cancel', forcedResetsCancel],
  ['deliveries list', deliveriesList],
  ['deliveries show', deliveriesShow],
  ['deliveries failures', deliveriesFailures],
  ['deliveries replay', deliveriesReplay],
  ['dead-events list', deadEventsList],
  ['dead-events show', deadEventsShow],
  ['dead-events replay', deadEventsReplay],
  ['dead-events discard', deadEventsDiscard],
  ['webhooks list', webhooksList],
  ['webhooks enable', webhooksEnable],
  ['suppressed-addresses list', suppressedAddressesList],
  ['suppressed-addresses add', suppressedAddressesAdd],
  ['suppressed-addresses remove', suppressedAddressesRemove],
]);
const nameWidth = Math.max(...[...commands.keys()].map((name) => name.length)) + 3;

/**
 * Runs `rekey <args>`.
 * @returns the exit code: 0, or 1 with one line of what is wrong
 */
export async function rekey(args: readonly string[], terminal: Terminal): Promise<0 | 1> {
  const inert = inertTerminal(terminal);
  try {
    await dispatch(args, inert);
    return 0;
  } catch (error) {
    inert.error(`${messageOf(error)}\n`);
    return 1;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<void> {
  const asksForHelp = args.some((arg) => arg === '--help' || arg === '-h');
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [first = '', second = ''] = words;
  const name = commands.has(first) ? first : `${first} ${second}`.trim();
  const command = commands.get(name);
  const group = [...commands.keys()].filter((known) => known.startsWith(`${first} `));
  if (command && asksForHelp) terminal.out(`${command.usage.trim()}\n`);
  else if (command) await command.run(withoutFirst(args, name.split(' ').length), terminal);
  else if (first === '' || (second === '' && group.length > 0)) terminal.out(listOf(first === '' ? [...commands.keys()] : group));
  else throw new Fault(args[0]?.startsWith('-') ? optionsFirst(words) : noSuchCommand(name, group));
}

/** The words of the command's name; options may stand between them. */
function withoutFirst(args: readonly string[], count: number): readonly string[] {
  let left = count;
  return args.filter((arg) => arg.startsWith('-') || left-- <= 0);
}

function listOf(names: readonly string[]): string {
  const lines = names.map((name) => `  rekey ${name.padEnd(nameWidth)}${commands.get(name)?.summary ?? ''}`);
  return `${lines.join('\n')}\n\nrekey <command> --help tells everything of one. From a checkout: npm run --silent rekey -- <command>\n`;
}

/** What follows an option may be its value or the command: nobody but the command knows. */
function optionsFirst(words: readonly string[]): string {
  const meant = [...commands.keys()].find((name) => ` ${words.join(' ')} `.includes(` ${name} `));
  return `options come after the command: rekey ${meant ?? '<command>'} --help tells what it takes`;
}

/** @param group the commands that begin with its first word */
function noSuchCommand(name: string, group: readonly string[]): string {
  const known = group.length > 0 ? group : [...commands.keys()];
  const firstWords = new Set(known.map((command) => command.split(' ')[0] ?? ''));
  const suggestion = nearest(name, [...known, ...firstWords]);
  return `there is no command "${name}"${suggestion === null ? ':' : `; did you mean "rekey ${suggestion}"?`} rekey --help lists them all`;
}

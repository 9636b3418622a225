import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { connect, ownApiOf, parsedAs, tenantOptions, tenantUsage } from '../api/connection.ts';
import { personPath } from '../person-path.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, messageOf, type Command } from '../terminal.ts';
import { follow, forcedReset, progressOf } from './forced-reset-answers.ts';

const page = z.object({ forcedResets: z.array(forcedReset) });
const followOption = { follow: { type: 'boolean', default: false } } as const;
const followUsage = `  --follow         prints how far it has come until it is over; fails where a user could not be reset, or it was cancelled`;
const mostListed = 10_000;
const pathOf = (tenant: string | undefined) => `${ownApiOf(tenant)}/forced-resets`;

export const forcedResetsStart: Command = {
  summary: 'forces users to set another password',
  usage: `
rekey forced-resets start [USER…] [--file FILE] [--filter FILTER] [--way link|otp] [--follow] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Signs users out, lets them sign in no more until they have set another password, and mails each a link or a code to do so. Whoever asks is
left out. Prints the id of the forced reset, which the other commands take. Where no answer comes, it is asked again; it is started once.

  USER…            names or ids
  --file FILE      has a name or an id on each line
  --filter FILTER  those of a SCIM filter, in the place of a list: 'emails co "@example.com"'
  --way link|otp   what is mailed; default: as the tenant has it
${followUsage}
${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals } = readArguments('forced-resets start', args, { ...tenantOptions, ...followOption, file: { type: 'string' }, filter: { type: 'string' }, way: { type: 'string' } }, mostListed);
    const { filter, way, file } = values;
    const users = [...positionals, ...(file === undefined ? [] : await linesOf(personPath(file, terminal)))];
    if ((filter === undefined) === (users.length === 0)) throw new Fault('whom? name users, or give a --filter: rekey forced-resets start --help tells what it takes');
    const rekey = await connect(values, terminal);
    const path = pathOf(values.tenant);
    const started = parsedAs(forcedReset, await rekey.ask(path, { method: 'POST', body: { ...(filter === undefined ? { users } : { filter }), way }, idempotencyKey: randomUUID() }), rekey);
    terminal.out(`${started.id}\n`);
    if (values.follow) await follow(started, path, rekey, terminal);
  },
};

export const forcedResetsList: Command = {
  summary: 'lists the forced resets, newest first',
  usage: `
rekey forced-resets list [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Lists the hundred newest forced resets of a tenant: how far each has come, who started it, and for whom.

${tenantUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('forced-resets list', args, tenantOptions, 0);
    const rekey = await connect(values, terminal);
    const { forcedResets } = parsedAs(page, await rekey.ask(`${pathOf(values.tenant)}?limit=100`), rekey);
    const rows = forcedResets.map(({ id, state, total, done, failed, skipped, createdAt, startedBy, filter }) => [id, state, ...[total, done, failed, skipped].map(String), createdAt, startedBy, filter ?? 'a list']);
    terminal.out(aligned([['id', 'state', 'users', 'done', 'failed', 'skipped', 'started', 'by', 'for'], ...rows]));
  },
};

export const forcedResetsShow: Command = {
  summary: 'tells how far a forced reset has come',
  usage: `
rekey forced-resets show ID [--follow] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Prints how many users of a forced reset were reset, failed and were skipped, and why.

${followUsage}
${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [id] } = readArguments('forced-resets show', args, { ...tenantOptions, ...followOption }, 1);
    if (id === undefined) throw new Fault('which one? rekey forced-resets show --help tells what it takes');
    const rekey = await connect(values, terminal);
    const path = pathOf(values.tenant);
    const found = parsedAs(forcedReset, await rekey.ask(`${path}/${encodeURIComponent(id)}`), rekey);
    if (values.follow) await follow(found, path, rekey, terminal);
    else terminal.out(progressOf(found));
  },
};

export const forcedResetsPause = moveCommand('pause', 'Resets nobody else until it is resumed.');
export const forcedResetsResume = moveCommand('resume', 'Goes on with a forced reset that was paused, where it was.');
export const forcedResetsCancel = moveCommand('cancel', 'Ends a forced reset. Whoever was reset stays so.');

function moveCommand(verb: 'pause' | 'resume' | 'cancel', meaning: string): Command {
  return {
    summary: `${verb}s a forced reset`,
    usage: `
rekey forced-resets ${verb} ID [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

${meaning}

${tenantUsage}
`,
    async run(args, terminal) {
      const { values, positionals: [id] } = readArguments(`forced-resets ${verb}`, args, tenantOptions, 1);
      if (id === undefined) throw new Fault(`which one? rekey forced-resets ${verb} --help tells what it takes`);
      const rekey = await connect(values, terminal);
      terminal.out(progressOf(parsedAs(forcedReset, await rekey.ask(`${pathOf(values.tenant)}/${encodeURIComponent(id)}/${verb}`, { method: 'POST' }), rekey)));
    },
  };
}

async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Fault(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return text.split('\n').map((line) => line.trim()).filter(Boolean);
}

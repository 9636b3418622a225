import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { connect, connectionOptions, connectionUsage, ownApiOf, parsedAs } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const list = z.object({ webhooks: z.array(z.object({ name: z.string(), host: z.string(), state: z.string(), waiting: z.number(), lastTakenAt: z.string().nullable(), givenUpInLastDay: z.number(), lastError: z.string().nullable() })) });

const path = `${ownApiOf(undefined)}/webhooks`;

export const webhooksList: Command = {
  summary: 'lists the webhooks, and whether they take what they are told',
  usage: `
rekey webhooks list [--url URL] [--user NAME] [--insecure]

${connectionUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('webhooks list', args, connectionOptions, 0);
    const rekey = await connect(values, terminal);
    const { webhooks } = parsedAs(list, await rekey.ask(path), rekey);
    const rows = webhooks.map(({ name, host, state, waiting, lastTakenAt, givenUpInLastDay, lastError }) => [name, host, state, String(waiting), lastTakenAt ?? '-', String(givenUpInLastDay), lastError ?? '']);
    terminal.out(aligned([['webhook', 'host', 'state', 'waiting', 'last taken', 'given up', 'error'], ...rows]));
  },
};

export const webhooksEnable: Command = {
  summary: 'tells one again that is told nothing more',
  usage: `
rekey webhooks enable NAME [--url URL] [--user NAME] [--insecure]

${connectionUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [name] } = readArguments('webhooks enable', args, connectionOptions, 1);
    if (name === undefined) throw new Fault('which one? rekey webhooks enable --help tells what it takes');
    const rekey = await connect(values, terminal);
    await rekey.ask(`${path}/${encodeURIComponent(name)}/enable`, { method: 'POST' });
    terminal.out('it is told again\n');
  },
};

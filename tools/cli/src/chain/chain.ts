import { connect, connectionOptions, connectionUsage, parsedAs } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import type { Command } from '../terminal.ts';
import { chainTable } from './chain-table.ts';
import { listenerReport } from './listener-report.ts';

const usage = `
rekey chain [--url URL] [--user NAME] [--insecure]

Prints the listener chain of a running Rekey, in the order in which it is called: what is on and off, of whom it is, how long a hook may
take and what it means if it fails. The handlers that a listener calls stand beneath it.

${connectionUsage}
`;

export const chain: Command = {
  summary: 'prints the listener chain of a running Rekey',
  usage,
  async run(args, terminal) {
    const { values } = readArguments('chain', args, connectionOptions, 0);
    const rekey = await connect(values, terminal);
    terminal.out(chainTable(parsedAs(listenerReport, await rekey.ask('/api/rekey/v1/listeners'), rekey)));
  },
};

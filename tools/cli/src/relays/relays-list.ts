import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { connect, connectionOptions, connectionUsage, ownApiOf, parsedAs } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import type { Command } from '../terminal.ts';

const worker = z.object({ worker: z.string(), circuit: z.string(), since: z.string(), reason: z.string().nullable(), sent: z.number(), failed: z.number(), meanMs: z.number().nullable() });
const list = z.object({ relays: z.array(z.object({ name: z.string(), host: z.string(), port: z.number(), priority: z.number(), tls: z.string(), workers: z.array(worker) })) });

export const relaysList: Command = {
  summary: 'tells what each notification service knows of each mail relay',
  usage: `
rekey relays list [--url URL] [--user NAME] [--insecure]

Mails and failures are those of the last five minutes. The super tenant's people ask.

${connectionUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('relays list', args, connectionOptions, 0);
    const rekey = await connect(values, terminal);
    const { relays } = parsedAs(list, await rekey.ask(`${ownApiOf(undefined)}/relays`), rekey);
    const rows = relays.flatMap(({ name, host, port, priority, tls, workers }) => {
      const relay = [name, `${host}:${port}`, String(priority), tls];
      if (workers.length === 0) return [[...relay, '-', '-', '-', '-', '-', '-', '']];
      return workers.map(({ worker: of, circuit, since, reason, sent, failed, meanMs }) => [...relay, of, circuit, since, String(sent), String(failed), meanMs === null ? '-' : `${Math.round(meanMs)} ms`, reason ?? '']);
    });
    terminal.out(aligned([['relay', 'address', 'priority', 'tls', 'worker', 'circuit', 'since', 'sent', 'failed', 'mean', 'reason'], ...rows]));
  },
};

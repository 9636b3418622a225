import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { MailRelaySettings } from '@rekey/deployment-config';
import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { namedDeployment } from '../config/named-deployment.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const usage = `
rekey relays test [--relay NAME] [FILE]

Connects to each mail relay of a deployment.toml as the notification service does before a mail: with TLS, and the password where there is
one. Prints what is said, without passwords, and sends no mail. Exits with 1 where one of them cannot be used.

  --relay NAME   this one alone
  FILE           default: REKEY_CONFIG, else the deployment.toml of the checkout
`;

/** Of the notification service: it alone talks SMTP, and no tool imports a service. */
const program = fileURLToPath(new URL('../../../../apps/notification-service/dist/test-relays.js', import.meta.url));

const report = z.object({
  relay: z.string(),
  refusal: z.string().nullable(),
  dialogue: z.array(z.object({ who: z.string(), line: z.string(), atMs: z.number() })),
});
type Report = z.output<typeof report>;

export const relaysTest: Command = {
  summary: 'talks to each mail relay as before a mail, and sends none',
  usage,
  async run(args, terminal) {
    const { values, positionals } = readArguments('relays test', args, { relay: { type: 'string' } }, 1);
    const { config, file } = namedDeployment(positionals[0], terminal, { findLocalFile: true });
    const all = config.email?.relays ?? [];
    if (all.length === 0) throw new Fault(`${file}: there is no [output_adapter.email]: the local modes bring an inbox of their own`);
    const relays = values.relay === undefined ? all : all.filter(({ name }) => name === values.relay);
    if (relays.length === 0) throw new Fault(`${file}: there is no relay "${values.relay}": there are ${all.map(({ name }) => name).join(', ')}`);
    const reports = await reportsOn(relays);
    for (const [index, relay] of relays.entries()) terminal.out(`${index > 0 ? '\n' : ''}${told(relay, reports[index])}`);
    const unusable = reports.filter(({ refusal }) => refusal !== null).map(({ relay }) => relay);
    if (unusable.length > 0) throw new Fault(`cannot be used: ${unusable.join(', ')}`);
  },
};

async function reportsOn(relays: readonly MailRelaySettings[]): Promise<readonly Report[]> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(relays));
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const reports = printed.trim().split('\n').map((line) => report.parse(JSON.parse(line)));
  if (reports.length < relays.length) throw new Fault('the test of the relays broke off');
  return reports;
}

function told({ name, host, port, priority, tls }: MailRelaySettings, result: Report | undefined): string {
  const lines = result?.dialogue.map(({ who, line, atMs }) => [`${atMs} ms`.padStart(9), who, line]) ?? [];
  const verdict = result?.refusal === null ? 'works' : `cannot be used: ${result?.refusal ?? ''}`;
  return [aligned([[`${name}: ${host}:${port}, priority ${priority}, tls ${tls}`]]), aligned(lines), aligned([[`  ${verdict}`]])].join('');
}

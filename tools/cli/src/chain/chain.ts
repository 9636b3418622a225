import { configFromEnvironment, isLoopbackHost, parsePublicUrl } from '@rekey/deployment-config';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command, type Terminal } from '../terminal.ts';
import { chainTable } from './chain-table.ts';
import { getJson } from './get-json.ts';
import { listenerReport } from './listener-report.ts';

const usage = `
rekey chain [--url URL] [--user NAME] [--insecure]

Prints the listener chain of a running Rekey, in the order in which it is called: what is on and off, of whom it is, how long a hook may
take and what it means if it fails. The handlers that a listener calls stand beneath it.

  --url URL      default: https://localhost and the port of deployment.toml
  --user NAME    who asks, an administrator (default admin)
  --insecure     takes any certificate, such as the self-signed one of npm start; on loopback only

  REKEY_ADMIN_PASSWORD   the password of that user; without it, it is asked for
`;

export const chain: Command = {
  summary: 'prints the listener chain of a running Rekey',
  usage,
  async run(args, terminal) {
    const { values } = readArguments('chain', args, { url: { type: 'string' }, user: { type: 'string', default: 'admin' }, insecure: { type: 'boolean', default: false } }, 0);
    const url = new URL(`${baseUrlOf(values.url)}/api/rekey/v1/listeners`);
    if (values.insecure && !isLoopbackHost(url.hostname)) throw new Fault(`--insecure is for this machine alone: anybody could answer as ${url.hostname}, and be told the password`);
    const password = await passwordOf(values.user, terminal);
    const report = listenerReport.safeParse(await getJson(url, { username: values.user, password, insecure: values.insecure }));
    if (!report.success) throw new Fault(`${url.href} answered something else than a listener chain: is it a Rekey of this version?`);
    terminal.out(chainTable(report.data));
  },
};

/** Never plain HTTP but on loopback: the password goes there. */
function baseUrlOf(given: string | undefined): string {
  if (given === undefined) return `https://localhost:${configFromEnvironment().config.server.httpsPort}`;
  const url = parsePublicUrl(given);
  if (url === undefined) throw new Fault(`--url must be an https URL such as "https://id.example.com" (plain http only on loopback), not "${given}"`);
  return url;
}

async function passwordOf(user: string, { environment, askSecret }: Terminal): Promise<string> {
  const password = environment['REKEY_ADMIN_PASSWORD'] ?? (await askSecret(`Password of ${user}: `));
  if (!password) throw new Fault(`the password of ${user} is missing: set REKEY_ADMIN_PASSWORD, or run this in a terminal that can ask for it`);
  return password;
}

import { aligned } from '../aligned.ts';
import { connect, connectionOptions, connectionUsage, passwordOf } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';
import { allTenants, tenantOf, tenantsPath } from './tenant-answers.ts';

export const tenantsList: Command = {
  summary: 'lists the tenants, with their owners',
  usage: `
rekey tenants list [--url URL] [--user NAME] [--insecure]

Lists the tenants of a running Rekey by domain: whether each is active, and who owns it.

${connectionUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('tenants list', args, connectionOptions, 0);
    const tenants = await allTenants(await connect(values, terminal));
    const rows = tenants.map(({ domain, owners, lifecycleStatus: { activated } }) => [domain, activated ? 'active' : 'NOT ACTIVE', owners.map(({ username }) => username).join(', ')]);
    terminal.out(aligned([['domain', '', 'owners'], ...rows]));
  },
};

const ownerOptions = { owner: { type: 'string' }, email: { type: 'string' }, 'first-name': { type: 'string' }, 'last-name': { type: 'string' } } as const;

export const tenantsCreate: Command = {
  summary: 'makes a tenant and its first administrator',
  usage: `
rekey tenants create DOMAIN --owner NAME --email ADDRESS --first-name NAME --last-name NAME [--url URL] [--user NAME] [--insecure]

Makes a tenant, such as acme.example, with an owner, who is its first administrator.

  --owner NAME        the owner's user name
  --email ADDRESS     the owner's mail address
  --first-name NAME
  --last-name NAME
${connectionUsage}
  REKEY_OWNER_PASSWORD   the owner's password; without it, it is asked for
`,
  async run(args, terminal) {
    const { values, positionals: [domain] } = readArguments('tenants create', args, { ...connectionOptions, ...ownerOptions }, 1);
    const { owner: username, email, 'first-name': firstname, 'last-name': lastname } = values;
    if (domain === undefined || !username || !email || !firstname || !lastname) throw new Fault('a domain, --owner, --email, --first-name and --last-name are needed: rekey tenants create --help tells what they are');
    const rekey = await connect(values, terminal);
    const password = await passwordOf(`${username}@${domain}`, 'REKEY_OWNER_PASSWORD', terminal);
    await rekey.ask(tenantsPath, { method: 'POST', body: { domain, owners: [{ username, password, email, firstname, lastname, provisioningMethod: 'inline-password' }] } });
    terminal.out(`${domain} is there: ${rekey.origin}/t/${domain}/myaccount/\n`);
  },
};

export const tenantsActivate = lifecycleCommand('activate', true, 'Brings a tenant back that was deactivated, as it was.');
export const tenantsDeactivate = lifecycleCommand('deactivate', false, 'Makes a tenant as if it were not there: nobody of it signs in, and none of its links works, until it is activated again.');

function lifecycleCommand(verb: 'activate' | 'deactivate', activated: boolean, meaning: string): Command {
  return {
    summary: `${verb}s a tenant`,
    usage: `
rekey tenants ${verb} DOMAIN [--url URL] [--user NAME] [--insecure]

${meaning}

${connectionUsage}
`,
    async run(args, terminal) {
      const { values, positionals: [domain] } = readArguments(`tenants ${verb}`, args, connectionOptions, 1);
      if (domain === undefined) throw new Fault(`which tenant? rekey tenants ${verb} --help tells what it takes`);
      const rekey = await connect(values, terminal);
      const { id } = await tenantOf(domain, rekey);
      await rekey.ask(`${tenantsPath}/${id}/lifecycle-status`, { method: 'PUT', body: { activated } });
      terminal.out(`${domain} is ${activated ? 'active' : 'not active any more'}\n`);
    },
  };
}

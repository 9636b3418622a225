import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { allPages, connect, ownApiOf, parsedAs, tenantOptions as options, tenantPathOf, tenantUsage as usage, type Connection } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const holder = z.object({ id: z.string(), username: z.string(), roles: z.array(z.string()) });
const holders = z.object({ totalResults: z.number(), users: z.array(holder) }).transform(({ totalResults, users }) => ({ total: totalResults, items: users }));

const mostRoles = 4;
const found = z.object({ Resources: z.array(z.object({ id: z.string() })) });
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const rolesList: Command = {
  summary: 'lists who has a role',
  usage: `
rekey roles list [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Lists everybody of a tenant who has a role, with the user's id.

${usage}
`,
  async run(args, terminal) {
    const { values } = readArguments('roles list', args, options, 0);
    const rekey = await connect(values, terminal);
    const users = await allPages(holders, `${ownApiOf(values.tenant)}/roles`, rekey);
    terminal.out(aligned([['id', 'user', 'roles'], ...users.map(({ id, username, roles }) => [id, username, roles.join(', ')])]));
  },
};

export const rolesSet: Command = {
  summary: 'gives a user these roles and no others',
  usage: `
rekey roles set USER [administrator] [recovery-client] [helpdesk] [auditor] [--none] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Gives a user, by name or id, these roles and takes every other. Nobody gives a role to themselves, and the last administrator stays one.

  --none           no role at all

${usage}
`,
  async run(args, terminal) {
    const { values, positionals: [user, ...roles] } = readArguments('roles set', args, { ...options, none: { type: 'boolean', default: false } }, 1 + mostRoles);
    if (user === undefined) throw new Fault('whose roles? rekey roles set --help tells what it takes');
    if (values.none === roles.length > 0) throw new Fault('name the roles that the user is to have, or --none');
    const rekey = await connect(values, terminal);
    const id = idPattern.test(user) ? user : await idOf(user, values.tenant, rekey);
    const { username, roles: now } = parsedAs(holder, await rekey.ask(`${ownApiOf(values.tenant)}/users/${id}/roles`, { method: 'PUT', body: { roles } }), rekey);
    terminal.out(aligned([[username, now.join(', ') || 'no role']]));
  },
};

async function idOf(username: string, tenant: string | undefined, rekey: Connection): Promise<string> {
  const filter = `userName eq ${JSON.stringify(username)}`;
  const { Resources: [user] } = parsedAs(found, await rekey.ask(`${tenantPathOf(tenant)}/scim2/Users?filter=${encodeURIComponent(filter)}`), rekey);
  if (!user) throw new Fault(`there is no user "${username}"`);
  return user.id;
}

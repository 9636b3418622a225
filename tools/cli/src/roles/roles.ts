import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { connect, ownApiOf, tenantOptions as options, tenantUsage as usage } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { parsedAs } from '../tenants/tenant-answers.ts';
import { Fault, type Command } from '../terminal.ts';

const holder = z.object({ id: z.string(), username: z.string(), roles: z.array(z.string()) });
const holders = z.object({ users: z.array(holder) });

const mostRoles = 2;

export const rolesList: Command = {
  summary: 'lists who has a role',
  usage: `
rekey roles list [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Lists everybody of a tenant who has a role, each with the id that "rekey roles set" takes.

${usage}
`,
  async run(args, terminal) {
    const { values } = readArguments('roles list', args, options, 0);
    const rekey = await connect(values, terminal);
    const { users } = parsedAs(holders, await rekey.ask(`${ownApiOf(values.tenant)}/roles`), rekey);
    terminal.out(aligned([['id', 'user', 'roles'], ...users.map(({ id, username, roles }) => [id, username, roles.join(', ')])]));
  },
};

export const rolesSet: Command = {
  summary: 'gives a user these roles and no others',
  usage: `
rekey roles set USER-ID [administrator] [recovery-client] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Gives a user these roles and takes every other. Nobody gives a role to themselves, and the last administrator stays one.

${usage}
`,
  async run(args, terminal) {
    const { values, positionals: [id, ...roles] } = readArguments('roles set', args, options, 1 + mostRoles);
    if (id === undefined) throw new Fault('whose roles? rekey roles set --help tells what it takes');
    const rekey = await connect(values, terminal);
    const { username, roles: now } = parsedAs(holder, await rekey.ask(`${ownApiOf(values.tenant)}/users/${encodeURIComponent(id)}/roles`, { method: 'PUT', body: { roles } }), rekey);
    terminal.out(aligned([[username, now.join(', ') || 'no role']]));
  },
};

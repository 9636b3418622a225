import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { connect, ownApiOf, parsedAs, tenantOptions, tenantUsage, type Connection } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const suppressed = z.object({ id: z.string(), address: z.string(), kind: z.string(), reason: z.string(), addedBy: z.string(), addedAt: z.string() });
const page = z.object({ addresses: z.array(suppressed), next: z.string().nullable() });

const pathOf = (tenant: string | undefined) => `${ownApiOf(tenant)}/suppressed-addresses`;

export const suppressedAddressesList: Command = {
  summary: 'lists the addresses that are not mailed to, or tells whether one is',
  usage: `
rekey suppressed-addresses list [ADDRESS] [--after NEXT] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Lists a hundred of them, masked: the list keeps no address, and whole ones can only be asked for.

  --after NEXT     goes on where a list ended: its last line says how
${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [address] } = readArguments('suppressed-addresses list', args, { ...tenantOptions, after: { type: 'string' } }, 1);
    const rekey = await connect(values, terminal);
    const query = new URLSearchParams({ limit: '100', ...(address === undefined ? {} : { address }), ...(values.after === undefined ? {} : { after: values.after }) });
    const { addresses, next } = parsedAs(page, await rekey.ask(`${pathOf(values.tenant)}?${query.toString()}`), rekey);
    terminal.out(tableOf(addresses));
    if (next !== null) terminal.out(`more: --after ${next}\n`);
  },
};

export const suppressedAddressesAdd: Command = {
  summary: 'mails to an address no more',
  usage: `
rekey suppressed-addresses add ADDRESS --reason TEXT [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Puts an address on the tenant's list. One that is there already stays as it is, with the reason that it has.

${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [address] } = readArguments('suppressed-addresses add', args, { ...tenantOptions, reason: { type: 'string' } }, 1);
    const { reason } = values;
    if (address === undefined || reason === undefined) throw new Fault('which one, and why? rekey suppressed-addresses add --help tells what it takes');
    const rekey = await connect(values, terminal);
    terminal.out(tableOf([parsedAs(suppressed, await rekey.ask(pathOf(values.tenant), { method: 'POST', body: { address, reason } }), rekey)]));
  },
};

export const suppressedAddressesRemove: Command = {
  summary: 'mails to an address again',
  usage: `
rekey suppressed-addresses remove ADDRESS|ID [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Takes an address off the tenant's list. What had ended before is sent by: rekey deliveries replay --state SUPPRESSED

${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [named] } = readArguments('suppressed-addresses remove', args, tenantOptions, 1);
    if (named === undefined) throw new Fault('which one? rekey suppressed-addresses remove --help tells what it takes');
    const rekey = await connect(values, terminal);
    const path = pathOf(values.tenant);
    await rekey.ask(`${path}/${named.includes('@') ? await idOf(named, path, rekey) : encodeURIComponent(named)}`, { method: 'DELETE' });
    terminal.out('it is mailed to again\n');
  },
};

async function idOf(address: string, path: string, rekey: Connection): Promise<string> {
  const { addresses: [found] } = parsedAs(page, await rekey.ask(`${path}?${new URLSearchParams({ address }).toString()}`), rekey);
  if (!found) throw new Fault(`${address} is not on the list`);
  return found.id;
}

function tableOf(addresses: readonly z.output<typeof suppressed>[]): string {
  const rows = addresses.map(({ address, kind, reason, addedBy, addedAt, id }) => [address, kind, reason, addedBy, addedAt, id]);
  return aligned([['address', 'kind', 'reason', 'added by', 'added', 'id'], ...rows]);
}

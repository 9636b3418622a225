import { aligned } from '../aligned.ts';
import { connect, ownApiOf, parsedAs, tenantOptions, tenantUsage, type Connection } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';
import { failures, failureTable, page, replayed, replays, storyOf, tableOf, timeline } from './delivery-answers.ts';

const filters = ['state', 'type', 'recipient', 'reference', 'from', 'to', 'relay', 'cause'] as const;
const filterOptions = { state: { type: 'string' }, type: { type: 'string' }, of: { type: 'string' }, recipient: { type: 'string' }, reference: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, relay: { type: 'string' }, cause: { type: 'string' } } as const;
const filterUsage = `  --state STATE      PENDING, UNCERTAIN, SENDING, SENT, REJECTED, UNCERTAIN_CLOSED, SUPERSEDED, EXPIRED, CANCELLED,
                     SUPPRESSED, CAPPED
  --type TYPE        of the template (passwordreset) or of the event (PasswordRecoveryRequested)
  --of USER          a name or an id
  --recipient ADDR   the whole address
  --reference NUMBER the number that stands in the mail
  --from, --to TIME  accepted since, and before: 2026-11-25T10:00:00Z
  --relay HOST       tried with this relay
  --cause CAUSE      failed last for this cause, as the table has it`;

const pathOf = (tenant: string | undefined) => `${ownApiOf(tenant)}/deliveries`;

export const deliveriesList: Command = {
  summary: 'lists mails, newest first, by what is known of them',
  usage: `
rekey deliveries list [FILTER…] [--limit N] [--after NEXT] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Lists the mails of a tenant of which everything that is given holds.

${filterUsage}
  --limit N          at most so many (default 20, at most 100)
  --after NEXT       goes on where a list ended: its last line says how
${tenantUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('deliveries list', args, { ...tenantOptions, ...filterOptions, limit: { type: 'string' }, after: { type: 'string' } }, 0);
    const rekey = await connect(values, terminal);
    const { deliveries, next } = parsedAs(page, await rekey.ask(`${pathOf(values.tenant)}${queryOf({ ...filterOf(values), limit: values.limit, after: values.after })}`), rekey);
    terminal.out(tableOf(deliveries));
    if (next !== null) terminal.out(`more: --after ${next}\n`);
  },
};

export const deliveriesShow: Command = {
  summary: 'follows one mail from its event to the relay’s answer',
  usage: `
rekey deliveries show REFERENCE|ID [--dialogue] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Prints what became of a mail, in the order in which it happened.

  --dialogue       with what was said to the relay and by it: without the mail, and without passwords
${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [named] } = readArguments('deliveries show', args, { ...tenantOptions, dialogue: { type: 'boolean', default: false } }, 1);
    if (named === undefined) throw new Fault('which one? rekey deliveries show --help tells what it takes');
    const rekey = await connect(values, terminal);
    const path = pathOf(values.tenant);
    const id = await idOf(named, path, rekey);
    terminal.out(storyOf(parsedAs(timeline, await rekey.ask(`${path}/${encodeURIComponent(id)}`), rekey), values.dialogue));
  },
};

export const deliveriesFailures: Command = {
  summary: 'shows what has failed, by cause',
  usage: `
rekey deliveries failures [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Prints for each cause how many mails failed for it, most first. DEAD is what came in and could not be read: it is of no tenant, and shown to the
super tenant's administrators.

${tenantUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('deliveries failures', args, tenantOptions, 0);
    const rekey = await connect(values, terminal);
    terminal.out(failureTable(parsedAs(failures, await rekey.ask(`${pathOf(values.tenant)}/failures`), rekey).groups));
  },
};

export const deliveriesReplay: Command = {
  summary: 'sends mails again that failed',
  usage: `
rekey deliveries replay REFERENCE|ID [--copy] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]
rekey deliveries replay --state STATE [FILTER…] [--copy] [--tenant DOMAIN] [--url URL] [--user NAME] [--insecure]

Sends one mail again, or all that a filter finds: of the state REJECTED, UNCERTAIN_CLOSED, EXPIRED, SUPPRESSED, CAPPED or DEAD. What is DEAD is read again,
as after an upgrade. A mail is refused where its link is not the newest, is void or about to expire. Of a filter it prints how many were and were not, and why.

${filterUsage}
  --copy             also what may have arrived, as the relay's answer was lost: it may come twice
${tenantUsage}
`,
  async run(args, terminal) {
    const { values, positionals: [named] } = readArguments('deliveries replay', args, { ...tenantOptions, ...filterOptions, copy: { type: 'boolean', default: false } }, 1);
    const { state, copy } = values;
    if ((named === undefined) === (state === undefined)) throw new Fault('which ones? name one, or give a --state: rekey deliveries replay --help tells what it takes');
    const rekey = await connect(values, terminal);
    const path = pathOf(values.tenant);
    if (named === undefined) {
      terminal.out(await replayAll({ filter: filterOf(values), copy }, path, rekey));
      return;
    }
    const id = await idOf(named, path, rekey);
    const { outcome } = parsedAs(replayed, await rekey.ask(`${path}/${encodeURIComponent(id)}/replay`, { method: 'POST', body: { copy } }), rekey);
    terminal.out(outcome === 'replayed' ? 'it is on its way\n' : 'it was on its way already\n');
  },
};

/** A request replays a hundred at most. */
async function replayAll(asked: object, path: string, rekey: Connection): Promise<string> {
  const sums = new Map<string, number>();
  for (let after: string | null | undefined; after !== null; ) {
    const { outcomes, next }: { outcomes: Record<string, number>; next: string | null } = parsedAs(replays, await rekey.ask(`${path}/replay`, { method: 'POST', body: { ...asked, after } }), rekey);
    for (const [outcome, count] of Object.entries(outcomes)) sums.set(outcome, (sums.get(outcome) ?? 0) + count);
    after = next;
  }
  return aligned(sums.size === 0 ? [['none was found']] : [...sums].map(([outcome, count]) => [String(count), outcome]));
}

/** @throws Fault where no mail has the reference, or several have */
async function idOf(named: string, path: string, rekey: Connection): Promise<string> {
  const isId = named.length > 20;
  if (isId) return named;
  const { deliveries } = parsedAs(page, await rekey.ask(`${path}${queryOf({ reference: named })}`), rekey);
  const [found, another] = deliveries;
  if (!found) throw new Fault(`no mail has the reference ${named}`);
  if (another) throw new Fault(`several mails have the reference ${named}: ${deliveries.map(({ id }) => id).join(', ')}`);
  return found.id;
}

type Given = Readonly<Partial<Record<string, string | boolean>>>;

function filterOf(values: Given): Readonly<Record<string, string | undefined>> {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  return { ...Object.fromEntries(filters.map((name) => [name, text(name)])), user: text('of') };
}

function queryOf(asked: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString();
  return query === '' ? '' : `?${query}`;
}

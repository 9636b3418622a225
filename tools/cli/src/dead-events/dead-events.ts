import { z } from 'zod';
import { aligned } from '../aligned.ts';
import { connect, connectionOptions, connectionUsage, ownApiOf, parsedAs } from '../api/connection.ts';
import { readArguments } from '../read-arguments.ts';
import { Fault, type Command } from '../terminal.ts';

const summary = z.object({ id: z.string(), state: z.string(), reason: z.string(), type: z.string().nullable(), publisher: z.object({ source: z.string(), listed: z.boolean() }).nullable(), bytes: z.number().nullable(), timesSeen: z.number(), firstAt: z.string(), lastAt: z.string() });
const page = z.object({ events: z.array(summary), next: z.string().nullable() });
const event = summary.extend({
  published: z.object({ topic: z.string(), partition: z.number(), offset: z.string() }),
  key: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  replayedAt: z.string().nullable(),
  replayedBy: z.string().nullable(),
  discardedAt: z.string().nullable(),
  discardedBy: z.string().nullable(),
  discardReason: z.string().nullable(),
});

const path = `${ownApiOf(undefined)}/dead-events`;

export const deadEventsList: Command = {
  summary: 'lists what came in and could not be read',
  usage: `
rekey dead-events list [--state open|replayed|discarded] [--cause CAUSE] [--after NEXT] [--url URL] [--user NAME] [--insecure]

Lists a hundred of them, newest first. They are of no tenant: the super tenant's people ask.

  --after NEXT   goes on where a list ended: its last line says how
${connectionUsage}
`,
  async run(args, terminal) {
    const { values } = readArguments('dead-events list', args, { ...connectionOptions, state: { type: 'string' }, cause: { type: 'string' }, after: { type: 'string' } }, 0);
    const rekey = await connect(values, terminal);
    const { state, cause, after } = values;
    const query = new URLSearchParams({ limit: '100', ...(state === undefined ? {} : { state }), ...(cause === undefined ? {} : { cause }), ...(after === undefined ? {} : { after }) });
    const { events, next } = parsedAs(page, await rekey.ask(`${path}?${query.toString()}`), rekey);
    terminal.out(aligned([['id', 'type', 'publisher', 'first seen', 'times', 'reason'], ...events.map(({ id, type, publisher, firstAt, timesSeen, reason }) => [id, type ?? '-', publisher?.source ?? '-', firstAt, String(timesSeen), reason])]));
    if (next !== null) terminal.out(`more: --after ${next}\n`);
  },
};

export const deadEventsShow: Command = {
  summary: 'tells all that is known of one, but its data',
  usage: `
rekey dead-events show ID [--url URL] [--user NAME] [--insecure]

${connectionUsage}
`,
  async run(args, terminal) {
    const { values, positionals } = readArguments('dead-events show', args, connectionOptions, 1);
    const id = idOf('show', positionals);
    const rekey = await connect(values, terminal);
    terminal.out(tableOf(parsedAs(event, await rekey.ask(`${path}/${id}`), rekey)));
  },
};

export const deadEventsReplay: Command = {
  summary: 'has one read again, as after an upgrade',
  usage: `
rekey dead-events replay ID [--url URL] [--user NAME] [--insecure]

Says why where it still cannot be read. One that has crashed whoever read it three times is not read again.

${connectionUsage}
`,
  async run(args, terminal) {
    const { values, positionals } = readArguments('dead-events replay', args, connectionOptions, 1);
    const id = idOf('replay', positionals);
    const rekey = await connect(values, terminal);
    const { outcome } = parsedAs(z.object({ outcome: z.string() }), await rekey.ask(`${path}/${id}/replay`, { method: 'POST' }), rekey);
    terminal.out(outcome === 'replayed' ? 'it was read\n' : 'it was read before\n');
  },
};

export const deadEventsDiscard: Command = {
  summary: 'leaves one unread, for a reason',
  usage: `
rekey dead-events discard ID --reason TEXT [--url URL] [--user NAME] [--insecure]

${connectionUsage}
`,
  async run(args, terminal) {
    const { values, positionals } = readArguments('dead-events discard', args, { ...connectionOptions, reason: { type: 'string' } }, 1);
    const id = idOf('discard', positionals);
    const { reason } = values;
    if (reason === undefined) throw new Fault('why? rekey dead-events discard --help tells what it takes');
    const rekey = await connect(values, terminal);
    terminal.out(tableOf(parsedAs(event, await rekey.ask(`${path}/${id}/discard`, { method: 'POST', body: { reason } }), rekey)));
  },
};

function idOf(command: string, [id]: readonly string[]): string {
  if (id === undefined) throw new Fault(`which one? rekey dead-events ${command} --help tells what it takes`);
  return encodeURIComponent(id);
}

function tableOf({ id, state, reason, type, publisher, published, key, headers, bytes, timesSeen, firstAt, lastAt, replayedAt, replayedBy, discardedAt, discardedBy, discardReason }: z.output<typeof event>): string {
  const facts = [
    ['id', id],
    ['state', state],
    ['reason', reason],
    ['type', type ?? '-'],
    ['publisher', publisher ? `${publisher.source}, ${publisher.listed ? 'a name that is listed' : 'a stranger'}` : '-'],
    ['published', `${published.topic} ${published.partition}/${published.offset}`],
    ['key', key ?? '-'],
    ['bytes', String(bytes ?? 0)],
    ['seen', `${timesSeen} times, ${firstAt} to ${lastAt}`],
    ...(replayedAt === null ? [] : [['read again', `${replayedAt} by ${replayedBy}`]]),
    ...(discardedAt === null ? [] : [['left unread', `${discardedAt} by ${discardedBy}: ${discardReason}`]]),
    ...Object.entries(headers).map(([name, value]) => [`header ${name}`, value]),
  ];
  return aligned(facts);
}

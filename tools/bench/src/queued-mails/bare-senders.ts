import { machineClock } from '../measure/clock.ts';
import { bareSmtp } from '../recovery-to-relay/bare-smtp.ts';

/** The limit of sending mails: prepared bytes over so many kept connections at once, in a process of their own. Arguments: port, bytes of a mail, mails, connections. */
const [port = 0, mailBytes = 0, mails = 0, connections = 1] = process.argv.slice(2).map(Number);
const each = Math.ceil(mails / connections);
const begunAt = machineClock.now();
await Promise.all(Array.from({ length: connections }, () => bareSmtp(port, mailBytes, each)));
process.stdout.write(`sent per second: ${Math.round((each * connections * 1_000) / (machineClock.now() - begunAt))}\n`);

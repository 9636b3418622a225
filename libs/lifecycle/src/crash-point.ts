const crashPoints = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10', 'K11', 'K12', 'K13', 'K14', 'K15', 'K16', 'K17', 'K18', 'K19', 'K20'] as const;

/**
 * Where a test may have this process killed: `CRASH_AT=<name>` sends SIGKILL to itself there, with nothing flushed or closed.
 *
 * | name | the process has just |
 * |---|---|
 * | K1 | decided to issue a key, before the statement that does |
 * | K2 | sent that statement, and has no answer yet |
 * | K3 | committed it, before the reply |
 * | K4 | claimed events of the outbox |
 * | K5 | begun to publish them |
 * | K6 | heard that the bus has them, before they are marked |
 * | K7 | been handed an event, before the inbox transaction |
 * | K8 | committed the inbox, before the offset |
 * | K9 | committed the offset (about: two seconds after K8) |
 * | K10 | claimed a mail |
 * | K11 | connected to the relay, before MAIL |
 * | K12 | heard 354, before the phase mark |
 * | K13 | marked phase = data |
 * | K14 | sent half of the body |
 * | K15 | sent the dot, before the 250 |
 * | K16 | read the 250, before SENT is committed |
 * | K17 | committed SENT |
 * | K18 | found a key live, before the transaction that sets the password |
 * | K19 | spent the key, within it |
 * | K20 | committed it, before the reply |
 *
 * `CRASH_ON=<event id>` beside it: only where that event is in hand, as of one that kills whoever reads it (K7) or renders its mail (K10).
 */
export type CrashPoint = (typeof crashPoints)[number];

// eslint-disable-next-line no-restricted-properties -- a switch of the tests for one process, no setting of a deployment
const { CRASH_AT: crashAt, CRASH_ON: crashOn } = process.env;

// A test that names a point which is none would see nothing break, and pass.
if (crashAt !== undefined && !(crashPoints as readonly string[]).includes(crashAt)) throw new Error(`CRASH_AT: expected one of ${crashPoints.join(', ')}, got "${crashAt}"`);

/** @param eventId the event in hand, where it is known */
export const crashPoint: (name: CrashPoint, eventId?: string) => void = crashAt === undefined ? () => undefined : dieWhenNamed;

/** For what happens elsewhere, some time after this. */
export const crashPointIn: (ms: number, name: CrashPoint) => void = crashAt === undefined ? () => undefined : (ms, name) => setTimeout(dieWhenNamed, ms, name).unref();

/** Whether the process is to be killed there. */
export function crashesAt(name: CrashPoint): boolean {
  return name === crashAt;
}

function dieWhenNamed(name: CrashPoint, eventId?: string): void {
  if (name === crashAt && (crashOn === undefined || crashOn === eventId)) process.kill(process.pid, 'SIGKILL');
}

import type { KnownRelay } from '@rekey/events';
import type { SqlExecutor } from '@rekey/messaging';
import { storableText } from '../storable-text.ts';
import type { RelayStanding } from './relay-lane.ts';

type AtWorker = KnownRelay['workers'][number];

/** Several reports may fail before a worker counts as gone. */
const goneAfterSeconds = 20;
const maxReasonCharacters = 1_000;

/** Also takes away what workers have left that were gone an hour ago. All times become the database's. */
export async function writeRelayState(database: SqlExecutor, worker: string, standings: readonly RelayStanding[]): Promise<void> {
  await database.query(
    `WITH gone AS (
       DELETE FROM relay_state WHERE reported_at < now() - interval '1 hour' AND worker <> $1
     )
     INSERT INTO relay_state (worker, relay, circuit, since, reason, probe_at, in_flight, sent, failed, mean_ms)
     SELECT $1, relay, circuit, now() - for_ms * interval '1 ms', reason, now() + probe_in_ms * interval '1 ms', in_flight, sent, failed, mean_ms
     FROM unnest($2::text[], $3::text[], $4::float8[], $5::text[], $6::float8[], $7::integer[], $8::integer[], $9::integer[], $10::float8[])
       AS s (relay, circuit, for_ms, reason, probe_in_ms, in_flight, sent, failed, mean_ms)
     ON CONFLICT (worker, relay) DO UPDATE SET circuit = excluded.circuit, since = excluded.since, reason = excluded.reason, probe_at = excluded.probe_at, in_flight = excluded.in_flight,
       sent = excluded.sent, failed = excluded.failed, mean_ms = excluded.mean_ms, reported_at = now()`,
    [
      worker,
      standings.map(({ relay }) => relay),
      standings.map(({ circuit }) => circuit),
      standings.map(({ forMs }) => forMs),
      standings.map(({ reason }) => (reason === null ? null : storableText(reason, maxReasonCharacters))),
      standings.map(({ probeInMs }) => probeInMs),
      standings.map(({ inFlight }) => inFlight),
      standings.map(({ sent }) => sent),
      standings.map(({ failed }) => failed),
      standings.map(({ meanMs }) => meanMs),
    ],
  );
}

export async function forgetWorker(database: SqlExecutor, worker: string): Promise<void> {
  await database.query(`DELETE FROM relay_state WHERE worker = $1`, [worker]);
}

/** @returns what each worker that lives knows, by relay */
export async function readRelayState(database: SqlExecutor): Promise<ReadonlyMap<string, readonly AtWorker[]>> {
  const rows = await database.query<{ relay: string; worker: string; circuit: AtWorker['circuit']; since: Date; reason: string | null; probeAt: Date | null; inFlight: number; sent: number; failed: number; meanMs: number | null; reportedAt: Date }>(
    `SELECT relay, worker, circuit, since, reason, probe_at AS "probeAt", in_flight AS "inFlight", sent, failed, mean_ms AS "meanMs", reported_at AS "reportedAt"
     FROM relay_state WHERE reported_at > now() - make_interval(secs => ${goneAfterSeconds}) ORDER BY worker`,
    [],
  );
  const found = new Map<string, AtWorker[]>();
  for (const { relay, since, probeAt, reportedAt, ...state } of rows) {
    const atWorker = { ...state, since: since.toISOString(), nextProbeAt: probeAt?.toISOString() ?? null, reportedAt: reportedAt.toISOString() };
    found.set(relay, [...(found.get(relay) ?? []), atWorker]);
  }
  return found;
}

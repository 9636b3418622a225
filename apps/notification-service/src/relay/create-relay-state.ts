import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each notification service knows of each relay, for whoever asks any of them. */
export class CreateRelayState1765120200000 implements MigrationInterface {
  readonly name = 'CreateRelayState1765120200000';

  async up(runner: QueryRunner): Promise<void> {
    // Unlogged: after a crash of the database nothing of it would be true any more.
    await runner.query(`
      CREATE UNLOGGED TABLE relay_state (
        worker       text NOT NULL,
        relay        text NOT NULL,
        circuit      text NOT NULL CHECK (circuit IN ('closed', 'open', 'half-open')),
        since        timestamptz NOT NULL,
        reason       text,
        probe_at     timestamptz,
        in_flight    integer NOT NULL,
        sent         integer NOT NULL,
        failed       integer NOT NULL,
        mean_ms      double precision,
        reported_at  timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (worker, relay)
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE relay_state`);
  }
}

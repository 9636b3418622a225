import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How each webhook does: since when it takes nothing, and why it is told nothing more. */
export class KeepWebhookState1765150000000 implements MigrationInterface {
  readonly name = 'KeepWebhookState1765150000000';

  async up(runner: QueryRunner): Promise<void> {
    // One row of each webhook that ever failed; "failing_since" is null while it takes what it is told.
    await runner.query(`
      CREATE TABLE webhook_state (
        webhook        text PRIMARY KEY,
        url_digest     bytea NOT NULL,
        failing_since  timestamptz,
        last_error     text,
        off_at         timestamptz,
        off_because    text CHECK (off_because IN ('gone', 'failing')),
        CHECK ((off_at IS NULL) = (off_because IS NULL))
      )`);
    await runner.query(`INSERT INTO webhook_state (webhook, url_digest, off_at, off_because) SELECT webhook, url_digest, gone_at, 'gone' FROM gone_webhook`);
    await runner.query(`DROP TABLE gone_webhook`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE gone_webhook (webhook text PRIMARY KEY, url_digest bytea NOT NULL, gone_at timestamptz NOT NULL DEFAULT now())`);
    await runner.query(`INSERT INTO gone_webhook (webhook, url_digest, gone_at) SELECT webhook, url_digest, off_at FROM webhook_state WHERE off_because = 'gone'`);
    await runner.query(`DROP TABLE webhook_state`);
  }
}

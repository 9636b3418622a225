import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The outbox that each service has in its own database. */
export class CreateOutbox1764000000000 implements MigrationInterface {
  readonly name = 'CreateOutbox1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        position        bigserial PRIMARY KEY,
        id              uuid NOT NULL UNIQUE,
        topic           text NOT NULL,
        key             text NOT NULL,
        headers         jsonb NOT NULL,
        payload         bytea NOT NULL,
        created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at      timestamptz,
        awaits_outcome  boolean NOT NULL DEFAULT false,
        claimed_until   timestamptz,
        published_at    timestamptz,
        confirmed_at    timestamptz
      )`);
    await runner.query(`CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL`);
    await runner.query(`CREATE INDEX outbox_unconfirmed ON outbox (published_at) WHERE awaits_outcome AND confirmed_at IS NULL`);
    await runner.query(`CREATE INDEX outbox_by_age ON outbox (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE outbox`);
  }
}

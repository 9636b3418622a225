import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row per `Idempotency-Key`: digests of who asked what, and the answer, which only the key opens. */
export class CreateIdempotency1764219000000 implements MigrationInterface {
  readonly name = 'CreateIdempotency1764219000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotent_request (
        subject      bytea PRIMARY KEY,
        fingerprint  bytea NOT NULL,
        holder       uuid NOT NULL,
        held_until   timestamptz NOT NULL,
        answer       bytea,
        expires_at   timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX idempotent_request_expiry ON idempotent_request (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE idempotent_request`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators have decided to leave unread, and why; and the order in which what is open is listed. */
export class DiscardDead1765120300000 implements MigrationInterface {
  readonly name = 'DiscardDead1765120300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE dead ADD COLUMN discarded_at timestamptz, ADD COLUMN discarded_by text, ADD COLUMN discard_reason text`);
    for (const index of ['dead_by_age', 'dead_unreplayed']) await runner.query(`DROP INDEX ${index}`);
    await runner.query(`CREATE INDEX dead_by_age ON dead (first_at, id)`);
    await runner.query(`CREATE INDEX dead_open ON dead (first_at, id) WHERE replayed_at IS NULL AND discarded_at IS NULL`);
    await runner.query(`CREATE INDEX dead_open_by_cause ON dead (cause, first_at) WHERE replayed_at IS NULL AND discarded_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['dead_open_by_cause', 'dead_open', 'dead_by_age']) await runner.query(`DROP INDEX ${index}`);
    await runner.query(`CREATE INDEX dead_by_age ON dead (first_at)`);
    await runner.query(`CREATE INDEX dead_unreplayed ON dead (cause, first_at) WHERE replayed_at IS NULL`);
    await runner.query(`ALTER TABLE dead DROP COLUMN discarded_at, DROP COLUMN discarded_by, DROP COLUMN discard_reason`);
  }
}

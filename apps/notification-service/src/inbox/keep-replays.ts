import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators had sent again, and what the dead records are grouped by. */
export class KeepReplays1765044100000 implements MigrationInterface {
  readonly name = 'KeepReplays1765044100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE replay (
        event_id     uuid NOT NULL,
        replayed_at  timestamptz NOT NULL DEFAULT now(),
        replayed_by  text NOT NULL,
        copy         boolean NOT NULL,
        PRIMARY KEY (event_id, replayed_at)
      )`);
    await runner.query(`ALTER TABLE dead ADD COLUMN cause text`);
    await runner.query(`UPDATE dead SET cause = left('read: ' || regexp_replace(regexp_replace(reason, '"[^"]*"', '…', 'g'), '\\d+', '#', 'g'), 120)`);
    await runner.query(`ALTER TABLE dead ALTER COLUMN cause SET NOT NULL`);
    await runner.query(`CREATE INDEX dead_unreplayed ON dead (cause, first_at) WHERE replayed_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX dead_unreplayed`);
    await runner.query(`ALTER TABLE dead DROP COLUMN cause`);
    await runner.query(`DROP TABLE replay`);
  }
}

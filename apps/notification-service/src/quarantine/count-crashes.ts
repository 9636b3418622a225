import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is being read, and what was in hand when its process died. */
export class CountCrashes1765054000000 implements MigrationInterface {
  readonly name = 'CountCrashes1765054000000';

  async up(runner: QueryRunner): Promise<void> {
    // There while a process reads the partition, and after one that died: a process that stops takes its rows away.
    await runner.query(`
      CREATE TABLE open_reading (
        topic        text NOT NULL,
        "partition"  integer NOT NULL,
        reader       uuid NOT NULL,
        PRIMARY KEY (topic, "partition")
      )`);
    await runner.query(`
      CREATE TABLE crash_count (
        id          uuid PRIMARY KEY,
        begun       integer NOT NULL,
        begun_by    uuid NOT NULL,
        counted_at  timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['crash_count', 'open_reading']) await runner.query(`DROP TABLE ${table}`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of very many that could not be read, operators decide about few: those are listed without passing over all others. */
export class FindDecidedDead1765202000000 implements MigrationInterface {
  readonly name = 'FindDecidedDead1765202000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX dead_replayed ON dead (first_at, id) WHERE replayed_at IS NOT NULL`);
    await runner.query(`CREATE INDEX dead_discarded ON dead (first_at, id) WHERE discarded_at IS NOT NULL AND replayed_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['dead_discarded', 'dead_replayed']) await runner.query(`DROP INDEX ${index}`);
  }
}

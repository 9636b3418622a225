import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Notification services from before webhooks had a state read and write `gone_webhook`. While they run beside later ones it shows them the webhooks that
 * are told nothing more, and takes what they note. Whichever version comes after the next may drop it.
 */
export class ShowGoneWebhooks1765204000000 implements MigrationInterface {
  readonly name = 'ShowGoneWebhooks1765204000000';

  async up(runner: QueryRunner): Promise<void> {
    // Of a webhook that was failing when they note that it is gone they know no reason.
    await runner.query(`ALTER TABLE webhook_state DROP CONSTRAINT webhook_state_check, ADD CHECK (off_at IS NOT NULL OR off_because IS NULL)`);
    await runner.query(`CREATE VIEW gone_webhook AS SELECT webhook, url_digest, off_at AS gone_at, off_because FROM webhook_state WHERE off_at IS NOT NULL`);
    await runner.query(`ALTER VIEW gone_webhook ALTER COLUMN gone_at SET DEFAULT now()`);
    await runner.query(`ALTER VIEW gone_webhook ALTER COLUMN off_because SET DEFAULT 'gone'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP VIEW gone_webhook`);
    await runner.query(`UPDATE webhook_state SET off_because = 'gone' WHERE off_at IS NOT NULL AND off_because IS NULL`);
    await runner.query(`ALTER TABLE webhook_state DROP CONSTRAINT webhook_state_check, ADD CHECK ((off_at IS NULL) = (off_because IS NULL))`);
  }
}

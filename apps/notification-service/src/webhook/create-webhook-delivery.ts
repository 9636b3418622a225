import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What webhooks are yet to be told; the events themselves stand in the outbox, which keeps them longer than anybody is told of them. */
export class CreateWebhookDelivery1765047000000 implements MigrationInterface {
  readonly name = 'CreateWebhookDelivery1765047000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE inbox ADD COLUMN source text`);
    // "next_at" is the lease too: whoever claims a row moves it on, and one that dies leaves it to be due again.
    await runner.query(`
      CREATE TABLE webhook_delivery (
        webhook      text NOT NULL,
        outcome_id   uuid NOT NULL,
        state        text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'TAKEN', 'GIVEN_UP')),
        attempts     integer NOT NULL DEFAULT 0,
        next_at      timestamptz NOT NULL DEFAULT now(),
        last_error   text,
        created_at   timestamptz NOT NULL DEFAULT now(),
        finished_at  timestamptz,
        PRIMARY KEY (webhook, outcome_id),
        CHECK ((state = 'WAITING') = (finished_at IS NULL))
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, next_at) WHERE state = 'WAITING'`);
    await runner.query(`CREATE INDEX webhook_delivery_waiting ON webhook_delivery (created_at) WHERE state = 'WAITING'`);
    await runner.query(`CREATE INDEX webhook_delivery_finished ON webhook_delivery (finished_at) WHERE state <> 'WAITING'`);
    await runner.query(`
      CREATE TABLE gone_webhook (
        webhook     text PRIMARY KEY,
        url_digest  bytea NOT NULL,
        gone_at     timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['gone_webhook', 'webhook_delivery']) await runner.query(`DROP TABLE ${table}`);
    await runner.query(`ALTER TABLE inbox DROP COLUMN source`);
  }
}

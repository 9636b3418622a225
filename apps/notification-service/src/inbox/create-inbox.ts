import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has come in, what became of it, and what could not be read. */
export class CreateInbox1764000100000 implements MigrationInterface {
  readonly name = 'CreateInbox1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    // topic, partition and offset are for an operator's eyes: a topic that is made anew counts its offsets from zero again, so they identify nothing.
    await runner.query(`
      CREATE TABLE inbox (
        event_id            uuid PRIMARY KEY,
        position            bigserial,
        topic               text NOT NULL,
        "partition"         integer NOT NULL,
        "offset"            bigint NOT NULL,
        event_type          text NOT NULL,
        kind                text NOT NULL CHECK (kind IN ('recovery', 'notice')),
        user_id             uuid NOT NULL,
        tenant_domain       text NOT NULL,
        generation          bigint NOT NULL,
        data                jsonb NOT NULL,
        traceparent         text,
        message_id          text NOT NULL,
        created_at          timestamptz NOT NULL,
        received_at         timestamptz NOT NULL DEFAULT now(),
        expires_at          timestamptz NOT NULL,
        state               text NOT NULL DEFAULT 'PENDING' CHECK (state IN (
                              'PENDING', 'UNCERTAIN', 'SENDING',
                              'SENT', 'REJECTED', 'UNCERTAIN_CLOSED', 'SUPERSEDED', 'EXPIRED', 'CANCELLED')),
        phase               text CHECK (phase IN ('pre', 'data')),
        attempt_no          integer NOT NULL DEFAULT 0,
        attempt_started_at  timestamptz,
        failures            integer NOT NULL DEFAULT 0,
        uncertain_count     integer NOT NULL DEFAULT 0,
        next_at             timestamptz NOT NULL DEFAULT now(),
        lease_owner         uuid,
        lease_until         timestamptz,
        last_error          text,
        sent_at             timestamptz,
        finished_at         timestamptz,
        CHECK ((state = 'SENDING') = (phase IS NOT NULL AND lease_owner IS NOT NULL AND lease_until IS NOT NULL))
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE UNIQUE INDEX inbox_one_sending_per_user ON inbox (user_id) WHERE state = 'SENDING'`);
    await runner.query(`CREATE INDEX inbox_due ON inbox (next_at) WHERE state IN ('PENDING', 'UNCERTAIN')`);
    await runner.query(`CREATE INDEX inbox_of_user ON inbox (user_id, position)`);
    await runner.query(`CREATE INDEX inbox_leases ON inbox (lease_until) WHERE state = 'SENDING'`);
    await runner.query(`CREATE INDEX inbox_by_arrival ON inbox USING brin (received_at)`);
    await runner.query(`
      CREATE TABLE user_head (
        user_id            uuid PRIMARY KEY,
        generation         bigint NOT NULL DEFAULT 0,
        voided_generation  bigint NOT NULL DEFAULT 0,
        voided_at          timestamptz
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE attempt (
        event_id    uuid NOT NULL,
        attempt_no  integer NOT NULL,
        started_at  timestamptz NOT NULL,
        stage       text NOT NULL,
        reply       text NOT NULL,
        ended_at    timestamptz NOT NULL,
        PRIMARY KEY (event_id, attempt_no)
      )`);
    // "headers" is json and not jsonb: it must take whatever a stranger wrote, escaped NUL included.
    await runner.query(`
      CREATE TABLE dead (
        id           uuid PRIMARY KEY,
        topic        text NOT NULL,
        "partition"  integer NOT NULL,
        "offset"     bigint NOT NULL,
        key          text,
        headers      json NOT NULL,
        raw          bytea,
        reason       text NOT NULL,
        times_seen   integer NOT NULL DEFAULT 1,
        first_at     timestamptz NOT NULL DEFAULT now(),
        last_at      timestamptz NOT NULL DEFAULT now(),
        replayed_at  timestamptz,
        replayed_by  text
      )`);
    await runner.query(`CREATE INDEX dead_by_age ON dead (first_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['dead', 'attempt', 'user_head', 'inbox']) await runner.query(`DROP TABLE ${table}`);
  }
}

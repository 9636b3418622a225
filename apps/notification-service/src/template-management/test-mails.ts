import { randomUUID } from 'node:crypto';
import type { Database } from '@rekey/messaging';
import { insertWanted, notifyWorkers, raiseHeads } from '../inbox/inbox-statements.ts';
import { referenceOf } from '../reference.ts';
import { templateTest, type TestData, type TestRequest } from '../template/test-request.ts';

const validForMs = 3_600_000;

/** Mails that show an administrator a template in their own mailbox: rows of the inbox like any other, so the relay, its limits and the delivery log are what they are for all. */
export class TestMails {
  constructor(
    private readonly database: Database,
    private readonly messageIdOf: (eventId: string) => string,
  ) {}

  /** @returns its reference, by which the delivery is found */
  async send(asked: TestRequest): Promise<string> {
    const { address, user } = asked.recipient;
    const [eventId, holderId, now] = [randomUUID(), user.id.toLowerCase(), Date.now()];
    const mail = {
      record: { topic: templateTest, partition: 0, offset: '0' },
      eventId,
      eventType: templateTest,
      source: null,
      kind: 'notice',
      holderId,
      username: user.username.toLowerCase(),
      recipient: address.toLowerCase(),
      tenantDomain: asked.tenantDomain,
      generation: 0,
      data: { templateType: templateTest, user, recipient: { address }, asked } satisfies TestData,
      traceparent: null,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + validForMs).toISOString(),
    } as const;
    await this.database.transaction(async (tx) => {
      await raiseHeads(tx, [{ holderId, generation: 0, voidedGeneration: 0 }], []);
      await insertWanted(tx, [mail], this.messageIdOf);
      await notifyWorkers(tx);
    });
    return referenceOf(eventId);
  }
}

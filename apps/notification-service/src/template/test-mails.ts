import { randomUUID } from 'node:crypto';
import { mailTemplateRequest, type MailTemplateRequest } from '@rekey/events';
import type { Database } from '@rekey/messaging';
import { insertWanted, notifyWorkers, raiseHeads } from '../inbox/inbox-statements.ts';
import { referenceOf } from '../reference.ts';
import { compileTemplate, readyTemplate } from './compile-template.ts';
import type { MailRequest } from './mail-composer.ts';
import { sampleRequest } from './sample-request.ts';

/** In an event's place: nobody publishes it. */
export const templateTest = 'MailTemplateTest';

type TestRequest = Extract<MailTemplateRequest, { ask: 'test' }>;

/** Beside what was asked, what the delivery log shows of every mail. */
interface TestData {
  readonly templateType: string;
  readonly user: TestRequest['recipient']['user'];
  /** Where limits and the suppression list look for it. */
  readonly recipient: { readonly address: string };
  readonly asked: TestRequest;
}

const validForMs = 3_600_000;
const lockedForMs = 300_000;

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

/** What such a mail is to say: nobody's data, and a key that opens nothing. */
export async function testRequest({ eventId, createdAt, expiresAt, data }: Pick<MailRequest, 'eventId' | 'createdAt' | 'expiresAt'> & { readonly data: unknown }): Promise<MailRequest> {
  const asked = mailTemplateRequest.parse((data as TestData).asked); // which nobody else writes
  if (asked.ask !== 'test') throw new Error(`nobody is mailed for "${asked.ask}"`);
  const { tenantDomain, template, recipient } = asked;
  const sample = sampleRequest(tenantDomain, template.id);
  const draft = readyTemplate(await compileTemplate(template, null), template.id);
  return { ...sample, eventId, createdAt, expiresAt, lockedUntil: new Date(createdAt.getTime() + lockedForMs), recipient: { ...sample.recipient, address: recipient.address }, draft };
}

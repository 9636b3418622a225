import { mailTemplateRequest, type MailTemplateRequest } from '@rekey/events';
import { compileTemplate, readyTemplate } from './compile-template.ts';
import type { MailRequest } from './mail-composer.ts';
import { sampleRequest } from './sample-request.ts';

/** In an event's place: nobody publishes it. */
export const templateTest = 'MailTemplateTest';

export type TestRequest = Extract<MailTemplateRequest, { ask: 'test' }>;

/** What the row of a test mail holds: beside what was asked, what the delivery log shows of every mail. */
export interface TestData {
  readonly templateType: string;
  readonly user: TestRequest['recipient']['user'];
  /** Where limits and the suppression list look for it. */
  readonly recipient: { readonly address: string };
  readonly asked: TestRequest;
}

const lockedForMs = 300_000;

/** What a test mail is to say: nobody's data, and a key that opens nothing. */
export async function testRequest({ eventId, createdAt, expiresAt, data }: Pick<MailRequest, 'eventId' | 'createdAt' | 'expiresAt'> & { readonly data: unknown }): Promise<MailRequest> {
  const asked = mailTemplateRequest.parse((data as TestData).asked); // which nobody else writes
  if (asked.ask !== 'test') throw new Error(`nobody is mailed for "${asked.ask}"`);
  const { tenantDomain, template, recipient } = asked;
  const sample = sampleRequest(tenantDomain, template.id);
  const draft = readyTemplate(await compileTemplate(template, null), template.id);
  return { ...sample, eventId, createdAt, expiresAt, lockedUntil: new Date(createdAt.getTime() + lockedForMs), recipient: { ...sample.recipient, address: recipient.address }, draft };
}

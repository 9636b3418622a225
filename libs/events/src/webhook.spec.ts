import { aPublisher, aRequest } from './testing/a-publisher.ts';
import { toStructuredEvent } from './structured-event.ts';
import { readWebhook, webhookMaxAgeMs, webhookMaxBytes } from './webhook.ts';

const { writer, reader } = aPublisher();
const at = Date.parse('2026-11-25T10:00:00Z');

function posted(time = new Date(at).toISOString()): string {
  const data = aRequest();
  return JSON.stringify(toStructuredEvent(writer.record(writer.event('PasswordRecoveryRequested', data.user.id, data, { time }))));
}

describe('what is posted to a webhook', () => {
  it.each([0, webhookMaxAgeMs, -60_000])('is read where it was signed and is %i ms old', (ageMs) => {
    const body = posted();
    expect(readWebhook(reader, Buffer.from(body), at + ageMs)).toMatchObject({ kind: 'event', event: { id: JSON.parse(body).id, time: '2026-11-25T10:00:00.000Z' } });
  });

  it.each([webhookMaxAgeMs + 1, -3_600_001])('is a replay where it is %i ms old', (ageMs) => {
    expect(readWebhook(reader, posted(), at + ageMs)).toEqual({ kind: 'unreadable', by: 'nobody known', reason: 'the event is of another time' });
  });

  it('is not made younger by another time, nor another one by another id', () => {
    const event = JSON.parse(posted());
    for (const changed of [{ time: new Date(at + 1).toISOString() }, { id: crypto.randomUUID() }]) {
      expect(readWebhook(reader, JSON.stringify({ ...event, ...changed }), at)).toMatchObject({ kind: 'unreadable', by: 'nobody known' });
    }
  });

  it.each(['', 'null', '{', '[]', '{"specversion":"1.0"}', ' '.repeat(webhookMaxBytes + 1)])('is malformed where it is no event: %.20j', (body) => {
    expect(readWebhook(reader, body, at)).toMatchObject({ kind: 'unreadable', by: 'malformed' });
  });

  it('is believed of nobody but whom the reader lists', () => {
    expect(readWebhook(aPublisher().reader, posted(), at)).toMatchObject({ kind: 'unreadable', by: 'nobody known' });
  });
});

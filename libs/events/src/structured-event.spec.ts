import { aPublisher, aRequest } from './testing/a-publisher.ts';
import { recordOf, structuredEvent, toStructuredEvent } from './structured-event.ts';

const { writer, reader } = aPublisher();

function aRecord(traceparent?: string) {
  const data = aRequest({ recipient: { address: 'kim@example.com', locale: 'el_GR', claims: { givenname: 'Κίμ' } } });
  return writer.record(writer.event('PasswordRecoveryRequested', data.user.id, data, traceparent === undefined ? {} : { traceparent }));
}

describe('an event in structured mode', () => {
  it.each([undefined, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'])('is the same record again, to the byte (traceparent %s)', (traceparent) => {
    const record = aRecord(traceparent);
    const received: unknown = JSON.parse(JSON.stringify(toStructuredEvent(record)));
    expect(recordOf(structuredEvent.parse(received))).toEqual(record);
    expect(reader.read(recordOf(structuredEvent.parse(received))).kind).toBe('event');
  });

  it('has no other attributes, and none that a database cannot store', () => {
    const event = toStructuredEvent(aRecord());
    for (const changed of [{ colour: 'blue' }, { data: {} }, { source: 'a\0b' }, { signature: `${event.signature}\n` }, { specversion: '0.3' }, { data_base64: '*' }, { traceparent: 'x' }, { id: 'first' }, { datacontenttype: 'text/plain' }]) {
      expect([changed, structuredEvent.safeParse({ ...event, ...changed }).success]).toEqual([changed, false]);
    }
  });
});

import { RequestSigner, RequestVerifier } from './service-request.ts';
import { aPublisher, aRequest, linkBase, source } from './testing/a-publisher.ts';

const asker = aPublisher();
const signer = new RequestSigner(source, asker.signer);
const publishers = [{ source, publicKey: asker.publicKey, linkBases: [linkBase] }];
const verifier = new RequestVerifier(publishers, source, 'Question');
const asked = { ask: 'types' };

describe('a signed request', () => {
  it('is believed of the one asker there is, for as long as a clock may differ', () => {
    const request = signer.sign('Question', asked);
    const { 'ce-id': id, 'ce-time': time = '' } = request.headers;
    expect(verifier.verify(request)).toEqual({ kind: 'believed', id, lapsesAt: new Date(Date.parse(time) + 60_000) });
    expect(JSON.parse(request.body.toString())).toEqual(asked);
    for (const minutes of [-2, 2]) expect(verifier.verify(request, Date.now() + minutes * 60_000)).toEqual({ kind: 'refused', reason: expect.stringContaining('of another time') });
  });

  it('is not believed with another body, of another asker, of another type, with another key, or unsigned', () => {
    const request = signer.sign('Question', asked);
    const stranger = aPublisher();
    const refused = [
      { ...request, body: Buffer.from('{"ask":"all"}') },
      { ...request, headers: { ...request.headers, 'ce-time': new Date().toISOString().replace('Z', '0Z') } },
      { ...request, headers: { ...request.headers, 'ce-time': 'now' } },
      { ...request, headers: { ...request.headers, 'ce-signature': ['a', 'b'] } },
      { headers: {}, body: request.body },
      signer.sign('AnotherQuestion', asked),
      new RequestSigner('urn:example:another', asker.signer).sign('Question', asked),
      new RequestSigner(source, stranger.signer).sign('Question', asked),
    ];
    expect(refused.map((one) => verifier.verify(one).kind)).toEqual(refused.map(() => 'refused'));
  });

  it('is not what an event is: neither passes for the other', () => {
    const data = aRequest();
    const { value, headers } = asker.writer.record(asker.writer.event('PasswordRecoveryRequested', data.user.id, data));
    const asRequest = { headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.replace('_', '-'), text])), body: value };
    expect(verifier.verify(asRequest).kind).toBe('refused');
  });

  it('of another publisher is not believed, whatever it may publish', () => {
    const other = aPublisher({ source: 'urn:example:portal-2' });
    const both = new RequestVerifier([...publishers, { source: 'urn:example:portal-2', publicKey: other.publicKey, linkBases: [] }], source, 'Question');
    expect(both.verify(new RequestSigner(source, other.signer).sign('Question', asked)).kind).toBe('refused');
    expect(both.verify(new RequestSigner('urn:example:portal-2', other.signer).sign('Question', asked)).kind).toBe('refused');
  });

  it('is signed only where a verifier would take it', () => {
    expect(() => signer.sign('Question', 'x'.repeat(300_000))).toThrow(RangeError);
  });
});

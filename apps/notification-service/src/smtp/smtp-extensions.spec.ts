import { SmtpExtensions } from './smtp-extensions.ts';

describe('what a relay offers', () => {
  const offered = SmtpExtensions.of('250-relay.example.com greets PIPELINING\n250-starttls\n250-SIZE 35882577\n250-AUTH PLAIN LOGIN\n250-AUTH=CRAM-MD5\n250 8BITMIME');

  it('are the lines behind the greeting, in whatever case', () => {
    expect(['STARTTLS', '8BITMIME', 'PIPELINING', 'GREETS'].map((keyword) => offered.has(keyword))).toEqual([true, true, false, false]);
  });

  it('has all ways to sign in, also where they stand in two lines', () => {
    expect(offered.mechanisms).toEqual(['PLAIN', 'LOGIN', 'CRAM-MD5']);
  });

  it.each([['250-a\n250 SIZE 1000', 1_000], ['250-a\n250 SIZE 0', Infinity], ['250-a\n250 SIZE', Infinity], ['250 a', Infinity]])('of %j mails of at most %d bytes are taken', (answer, bytes) => {
    expect(SmtpExtensions.of(answer).maxBytes).toBe(bytes);
  });
});

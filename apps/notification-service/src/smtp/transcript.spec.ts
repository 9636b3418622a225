import { aMail } from '../testing/mails.ts';
import { credentials, RelaysUnderTest, wanted } from '../testing/relay-under-test.ts';
import { Transcript } from './transcript.ts';

describe('what was said to a relay', () => {
  it('is told line by line, with who said it and when, from connecting on', () => {
    let nowMs = 5_000;
    const transcript = new Transcript([], () => nowMs);
    nowMs += 12.4;
    transcript.note('relay', '250-raw.test\r\n250 SIZE 1000');
    expect(transcript.lines).toEqual([
      { who: 'relay', line: '250-raw.test', atMs: 12 },
      { who: 'relay', line: '250 SIZE 1000', atMs: 12 },
    ]);
  });

  it('is of how the connection was opened and of the latest mail', () => {
    const transcript = new Transcript([]);
    for (const said of ['opening', 'first mail', 'second mail']) {
      if (said !== 'opening') transcript.beginMail();
      transcript.note('client', said);
    }
    expect(transcript.lines.map(({ line }) => line)).toEqual(['opening', 'second mail']);
  });

  it('is at most sixty lines of 500 characters', () => {
    const transcript = new Transcript([]);
    transcript.note('relay', '250-opening\r\n'.repeat(100));
    transcript.beginMail();
    for (let line = 0; line < 100; line++) transcript.note('relay', 'x'.repeat(1_000_000));
    expect(transcript.lines).toHaveLength(60);
    expect(Math.max(...transcript.lines.map(({ line }) => line.length))).toBe(500);
  });

  it('has no password in it, wherever it stood, and no key of a link', () => {
    const transcript = new Transcript(['c2VjcmV0', 'secret']);
    transcript.note('relay', `535 ${'x'.repeat(495)}secret c2VjcmV0`);
    transcript.note('relay', '554 no links: https://id.example.com/reset#key=abcdef');
    expect(transcript.lines.map(({ line }) => line.slice(-30)).join()).not.toMatch(/secr|c2V|abcdef/);
  });

  it('names the ways to sign in that are offered, and nothing else behind AUTH', () => {
    const transcript = new Transcript([]);
    for (const said of ['250-AUTH LOGIN PLAIN CRAM-MD5', '500 AUTH PLAIN AGtpbQBzZWNyZXQ=', '500 AUTH LOGIN PLAIN AGtpbQBzZWNyZXQ= no']) transcript.note('relay', said);
    expect(transcript.lines.map(({ line }) => line)).toEqual(['250-AUTH LOGIN PLAIN CRAM-MD5', '500 AUTH PLAIN …', '500 AUTH LOGIN PLAIN … no']);
  });

  describe('comes with the outcome of a mail:', () => {
    const relays = new RelaysUnderTest();
    afterEach(() => relays.close());
    const said = ({ dialogue }: { readonly dialogue: readonly { readonly who: string; readonly line: string }[] }): string[] => dialogue.map(({ who, line }) => `${who}: ${line}`);

    it('all of it but the body and the credentials', async () => {
      const raw = await relays.aRawRelay({}, { extensions: ['AUTH PLAIN'] });
      const outcome = await relays.aRelay(raw, { credentials }).send(aMail({ lines: ['a line of the body'] }), wanted);
      expect(outcome).toMatchObject({ kind: 'sent', relay: raw.host });
      expect(said(outcome)).toEqual([
        `network: connected to ${raw.host} port ${raw.port}`,
        'relay: 220 raw.test ESMTP',
        expect.stringMatching(/^client: EHLO /),
        'relay: 250-raw.test',
        'relay: 250 AUTH PLAIN',
        'client: AUTH PLAIN …',
        'relay: 235 2.7.0 welcome',
        'client: MAIL FROM:<noreply@example.com>',
        'relay: 250 2.1.0 sender fine',
        'client: RCPT TO:<kim@example.com>',
        'relay: 250 2.1.5 recipient fine',
        'client: DATA',
        'relay: 354 go on',
        expect.stringMatching(/^client: \(the mail, \d+ bytes\)$/),
        'relay: 250 2.0.0 taken',
      ]);
    });

    it('of a kept connection without the mails before', async () => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw);
      await relay.send(aMail({ to: 'first@example.com' }), wanted);
      const outcome = await relay.send(aMail({ to: 'second@example.com' }), wanted);
      expect(said(outcome).filter((line) => /EHLO|RCPT/.test(line))).toEqual([expect.stringContaining('EHLO'), 'client: RCPT TO:<second@example.com>']);
      const times = outcome.dialogue.map(({ atMs }) => atMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('neither name nor password of a sign-in that was refused', async () => {
      const sink = await relays.aSink({ credentials });
      const outcome = await relays.aRelay(sink, { credentials: { username: 'rekey', password: 'a wrong secret' } }).send(aMail(), wanted);
      expect(outcome.kind).toBe('relay-refused');
      for (const text of ['rekey', 'a wrong secret']) expect(JSON.stringify(outcome.dialogue)).not.toMatch(new RegExp(`${text}|${Buffer.from(text).toString('base64')}`));
    });

    it('how it ended, where the connection did', async () => {
      const raw = await relays.aRawRelay({ RCPT: { then: 'FIN' } }, { extensions: [] });
      expect(said(await relays.aRelay(raw).send(aMail(), wanted)).slice(-2)).toEqual(['client: RCPT TO:<kim@example.com>', expect.stringMatching(/^network: /)]);
    });
  });
});

import { until } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import { aMail } from '../testing/mails.ts';
import { silence, type Answer, type Answers, type Moment } from '../testing/raw-relay.ts';
import { credentials, impatient, RelaysUnderTest, wanted } from '../testing/relay-under-test.ts';
import type { SendOutcome } from './smtp-outcome.ts';
import type { RelayAddress } from './relay-address.ts';

interface Expected {
  readonly kind: SendOutcome['kind'];
  readonly stage: string;
}

const before = { kind: 'relay-refused' } as const;
const secured = { tls: 'starttls' } as const;
const signedIn = { credentials };

describe('a relay', () => {
  byASteadyClock();
  const relays = new RelaysUnderTest();
  afterEach(() => relays.close());

  describe('refusing (F29, F30, F31)', () => {
    it.each<[Moment, string, Expected, Partial<RelayAddress>?]>([
      ['connect', '421 4.3.2 too many', { ...before, stage: 'greeting' }],
      ['connect', '450 4.3.2 not now', { ...before, stage: 'greeting' }],
      ['connect', '554 5.7.1 no service', { ...before, stage: 'greeting' }],
      ['EHLO', '421 4.3.2 shutting down', { ...before, stage: 'ehlo' }],
      ['HELO', '451 4.3.0 later', { ...before, stage: 'ehlo' }],
      ['HELO', '550 5.7.1 bad name', { ...before, stage: 'ehlo' }],
      ['STARTTLS', '421 4.3.2 shutting down', { ...before, stage: 'starttls' }, secured],
      ['STARTTLS', '454 4.7.0 not now', { ...before, stage: 'starttls' }, secured],
      ['STARTTLS', '502 5.5.1 unknown', { ...before, stage: 'starttls' }, secured],
      ['AUTH', '421 4.3.2 shutting down', { ...before, stage: 'auth' }, signedIn],
      ['AUTH', '454 4.7.0 not now', { ...before, stage: 'auth' }, signedIn],
      ['AUTH', '535 5.7.8 wrong', { ...before, stage: 'auth' }, signedIn],
      ['MAIL', '421 4.3.2 shutting down', { kind: 'retry', stage: 'mail' }],
      ['MAIL', '451 4.3.0 later', { kind: 'retry', stage: 'mail' }],
      // The sender is the configuration's, the same for every mail …
      ['MAIL', '550 5.7.1 not your sender', { ...before, stage: 'mail' }],
      ['MAIL', '530 5.7.0 authenticate first', { ...before, stage: 'mail' }],
      // … its size is the mail's own.
      ['MAIL', '552 5.3.4 too big', { kind: 'rejected', stage: 'mail' }],
      ['RCPT', '421 4.3.2 shutting down', { kind: 'retry', stage: 'rcpt' }],
      ['RCPT', '450 4.2.0 greylisted', { kind: 'retry', stage: 'rcpt' }],
      ['RCPT', '550 5.1.1 nobody here', { kind: 'rejected', stage: 'rcpt' }],
      ['RCPT', '530 5.7.0 STARTTLS first', { ...before, stage: 'rcpt' }],
      // The relay does not relay for us, whoever it is for; under the same code it may dislike the recipient.
      ['RCPT', '554 5.7.1 <kim@example.com>: Relay access denied', { ...before, stage: 'rcpt' }],
      ['RCPT', '554 5.7.1 <kim@example.com>: Recipient address rejected: Access denied', { kind: 'rejected', stage: 'rcpt' }],
      ['DATA', '421 4.3.2 shutting down', { kind: 'retry', stage: 'data' }],
      ['DATA', '451 4.3.0 later', { kind: 'retry', stage: 'data' }],
      ['DATA', '554 5.7.1 no', { kind: 'rejected', stage: 'data' }],
      ['dot', '421 4.3.2 shutting down', { kind: 'retry', stage: 'dot' }],
      ['dot', '451 4.3.0 later', { kind: 'retry', stage: 'dot' }],
      ['dot', '554 5.7.1 spam', { kind: 'rejected', stage: 'dot' }],
      // Of a relay that passes on what the next one said: it may be anybody's, and no mail may stop the others by it.
      ['dot', '530 5.7.0 authenticate first', { kind: 'rejected', stage: 'dot' }],
    ])('at %s with %s', async (moment, refusal, outcome, address = {}) => {
      for (const extensions of [['PIPELINING', 'STARTTLS', 'AUTH PLAIN'], ['STARTTLS', 'AUTH PLAIN']]) {
        const end = refusal.startsWith('421') ? ({ say: `${refusal}\r\n`, then: 'FIN' } as const) : `${refusal}\r\n`;
        const raw = await relays.aRawRelay({ [moment]: end, ...(moment === 'HELO' ? { EHLO: '502 5.5.1 unknown\r\n' } : {}) }, { extensions });
        expect(await relays.aRelay(raw, address).send(aMail(), wanted)).toMatchObject({ ...outcome, reply: refusal });
      }
    });

    it('no EHLO, but HELO: the mail goes out', async () => {
      const raw = await relays.aRawRelay({ EHLO: '502 5.5.1 unknown\r\n' });
      expect(await relays.aRelay(raw).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });
  });

  /** Before the 354 it is surely not accepted; in the body and after the dot nobody can know. */
  const losses: readonly { readonly moment: Moment; readonly outcome: Expected; readonly address?: Partial<RelayAddress> }[] = [
    { moment: 'connect', outcome: { ...before, stage: expect.stringMatching(/connect|greeting/) as string } },
    { moment: 'EHLO', outcome: { ...before, stage: 'ehlo' } },
    { moment: 'HELO', outcome: { ...before, stage: 'ehlo' } },
    { moment: 'STARTTLS', outcome: { ...before, stage: 'starttls' }, address: secured },
    { moment: 'AUTH', outcome: { ...before, stage: 'auth' }, address: signedIn },
    { moment: 'MAIL', outcome: { kind: 'retry', stage: 'mail' } },
    { moment: 'RCPT', outcome: { kind: 'retry', stage: 'rcpt' } },
    { moment: 'DATA', outcome: { kind: 'retry', stage: 'data' } },
    { moment: 'dot', outcome: { kind: 'uncertain', stage: 'dot' } },
  ];
  const losing = (moment: Moment, answer: Answer): Answers => ({ [moment]: answer, ...(moment === 'HELO' ? { EHLO: '502 5.5.1 unknown\r\n' } : {}) });
  const offers = [['PIPELINING', 'STARTTLS', 'AUTH LOGIN'], ['STARTTLS', 'AUTH LOGIN']];

  describe('hanging up (F28)', () => {
    it.each((['FIN', 'RST'] as const).flatMap((end) => losses.map((loss) => ({ ...loss, end }))))('at $moment by $end', async ({ end, moment, outcome, address = {} }) => {
      for (const extensions of offers) {
        const raw = await relays.aRawRelay(losing(moment, { then: end }), { extensions });
        const sent = await relays.aRelay(raw, address).send(aMail(), wanted);
        // What was reset may be lost before it is read: that takes answers with it, never one that was not given.
        expect(sent).toMatchObject(end === 'RST' && extensions.includes('PIPELINING') && outcome.kind === 'retry' ? { kind: 'retry' } : outcome);
      }
    });

    it.each(['FIN', 'RST'] as const)('in the middle of the body by %s', async (end) => {
      const raw = await relays.aRawRelay({ body: { then: end }, dot: { then: end } });
      expect(await relays.aRelay(raw).send(aMail({ lines: Array.from({ length: 100_000 }, () => 'x'.repeat(70)) }), wanted)).toMatchObject({ kind: 'uncertain', stage: expect.stringMatching(/body|dot/) });
    });

    it('after it has taken the mail: that is not known', async () => {
      const sink = await relays.aSink({ rules: [{ stage: 'dot', behaviour: { kind: 'disconnect', taken: true } }] });
      expect(await relays.aRelay(sink).send(aMail(), wanted)).toMatchObject({ kind: 'uncertain', stage: 'dot' });
      expect(sink.mails).toHaveLength(1);
    });

    it('before it listens', async () => {
      const sink = await relays.aSink();
      await sink.pause();
      expect(await relays.aRelay(sink).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'connect', reply: expect.stringContaining('ECONNREFUSED') });
    });

    it('where its name leads nowhere (F33)', async () => {
      expect(await relays.aRelay({ host: 'relay.invalid', port: 25 }, {}, { timeouts: impatient }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'connect' });
    });
  });

  describe('falling silent (F26, F27)', () => {
    it.each(losses)('at $moment', async ({ moment, outcome, address = {} }) => {
      const sent = await Promise.all(
        offers.map(async (extensions) => {
          const raw = await relays.aRawRelay(losing(moment, silence), { extensions });
          const outcomeHere = await relays.aRelay(raw, address, { timeouts: impatient }).send(aMail(), wanted);
          await until(() => raw.openConnections, (connections) => connections === 0);
          return outcomeHere;
        }),
      );
      for (const outcomeHere of sent) expect(outcomeHere).toMatchObject(outcome);
    });

    it('for a while before each answer is waited for: the deadline is each answer’s own (F25)', async () => {
      const delayMs = { connect: 300, EHLO: 300, MAIL: 300, RCPT: 300, DATA: 300 };
      const sink = await relays.aSink({ delayMs });
      expect(await relays.aRelay(sink, {}, { timeouts: { ...impatient, commandMs: 800 } }).send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });

    it('in the middle of a TLS handshake', async () => {
      const raw = await relays.aRawRelay({ STARTTLS: '220 go ahead\r\n' }, { extensions: ['STARTTLS'] });
      expect(await relays.aRelay(raw, secured, { timeouts: impatient }).send(aMail(), wanted)).toMatchObject({ kind: 'relay-refused', stage: 'starttls' });
    });

    it('after QUIT: the connection ends all the same', async () => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw, {}, { timeouts: impatient });
      await relay.send(aMail(), wanted);
      raw.answers = { QUIT: silence };
      await relay.close();
      await until(() => raw.openConnections, (connections) => connections === 0);
    });
  });

  describe('answering strangely (F32)', () => {
    it('byte by byte', async () => {
      const raw = await relays.aRawRelay({ EHLO: '250-raw.test greets\r\n250-SIZE 100000\r\n250 PIPELINING\r\n' }, { byteByByte: true });
      const relay = relays.aRelay(raw);
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent', reply: '250 2.0.0 taken' });
      raw.answers = { RCPT: '550-5.1.1 nobody\r\n550 5.1.1 of that name\r\n' };
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'rejected', stage: 'rcpt', reply: '550-5.1.1 nobody\n550 5.1.1 of that name' });
    });

    it('over many lines', async () => {
      const raw = await relays.aRawRelay({ connect: '220-raw.test\r\n220-no spam\r\n220 ESMTP\r\n', dot: '250-2.0.0 taken\r\n250 2.0.0 as 4711\r\n' });
      expect(await relays.aRelay(raw).send(aMail(), wanted)).toMatchObject({ kind: 'sent', reply: '250-2.0.0 taken\n250 2.0.0 as 4711' });
    });

    it('in bytes that are no text', async () => {
      const junk = String.fromCharCode(...Array.from({ length: 128 }, (_, index) => 128 + index));
      const raw = await relays.aRawRelay({ connect: `220 ${junk}\r\n`, RCPT: `550 ${junk}\0\x1b[31m\r\n` });
      expect(await relays.aRelay(raw).send(aMail(), wanted)).toMatchObject({ kind: 'rejected', stage: 'rcpt' });
    });

    it.each<[Moment, string, Partial<SendOutcome>]>([
      ['connect', 'what do you want?\r\n', { kind: 'relay-refused', stage: 'greeting' }],
      ['connect', '250 fine\r\n', { kind: 'relay-refused', stage: 'greeting' }],
      ['MAIL', 'hm\r\n', { kind: 'retry', stage: 'mail' }],
      ['RCPT', '999 what is that?\r\n', { kind: 'retry', stage: 'rcpt' }],
      ['DATA', '250 fine, but no 354\r\n', { kind: 'retry', stage: 'data' }],
      ['dot', '\x80\x81\r\n', { kind: 'uncertain', stage: 'dot' }],
      ['dot', '2 be or not 2 be\r\n', { kind: 'uncertain', stage: 'dot' }],
      ['dot', '354 go on\r\n', { kind: 'uncertain', stage: 'dot' }],
      ['dot', '999 what is that?\r\n', { kind: 'uncertain', stage: 'dot' }],
    ])('at %s with %j', async (moment, answer, outcome) => {
      const raw = await relays.aRawRelay({ [moment]: answer });
      const relay = relays.aRelay(raw, {}, { timeouts: impatient });
      expect(await relay.send(aMail(), wanted)).toMatchObject(outcome);
      raw.answers = {};
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });

    it.each<[Moment, Partial<SendOutcome>]>([
      ['connect', { kind: 'relay-refused', stage: 'greeting' }],
      ['EHLO', { kind: 'relay-refused', stage: 'ehlo' }],
      ['RCPT', { kind: 'retry', stage: 'rcpt' }],
      ['dot', { kind: 'uncertain', stage: 'dot' }],
    ])('at %s with a line that does not end: as far as memory goes it is cut off', async (moment, outcome) => {
      const raw = await relays.aRawRelay({ [moment]: `250 ${'x'.repeat(3 * 1024 * 1024)}` });
      const sent = await relays.aRelay(raw).send(aMail(), wanted);
      expect(sent).toMatchObject(outcome);
      expect(JSON.stringify(sent).length).toBeLessThan(5_000);
    });

    it('with a megabyte of refusal: what is kept of it is short', async () => {
      const raw = await relays.aRawRelay({ RCPT: `550 ${'x'.repeat(900_000)}\r\n` });
      const outcome = await relays.aRelay(raw).send(aMail(), wanted);
      expect(outcome).toMatchObject({ kind: 'rejected', stage: 'rcpt' });
      expect(JSON.stringify(outcome).length).toBeLessThan(5_000);
    });

    it('with a 250 before it has the mail: that is no yes', async () => {
      const raw = await relays.aRawRelay({ DATA: '354 go on\r\n250 2.0.0 taken already\r\n' });
      const relay = relays.aRelay(raw);
      let letGo = (_wanted: boolean): void => undefined;
      expect(await relay.send(aMail(), () => new Promise((resolve) => (letGo = resolve)))).toMatchObject({ kind: 'retry', stage: 'data' });
      letGo(true);
      raw.answers = {};
      const next = aMail({ to: 'next@example.com' });
      expect(await relay.send(next, wanted)).toMatchObject({ kind: 'sent' });
      expect(raw.bodies.at(-1)).toBe(`${next.raw.toString()}.\r\n`);
    });

    it('one answer too many: the answers of the next mail are not mixed up', async () => {
      const raw = await relays.aRawRelay({ RCPT: '250 2.1.5 recipient fine\r\n250 2.1.5 and again\r\n' });
      const relay = relays.aRelay(raw);
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'retry', stage: 'data' });
      expect(raw.bodies.join('')).toBe('');
    });
  });
});

import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { until } from '@rekey/test-kit';
import { byASteadyClock } from '@rekey/test-kit/steady-clock';
import { aMail } from '../testing/mails.ts';
import { silence, type Interruption, type Moment } from '../testing/raw-relay.ts';
import { impatient, RelaysUnderTest, verbsOf, wanted } from '../testing/relay-under-test.ts';
import type { SendOutcome } from './smtp-outcome.ts';

describe('the mail relay', () => {
  byASteadyClock();
  const relays = new RelaysUnderTest();
  afterEach(() => relays.close());

  describe('taking mails', () => {
    it('has each mail byte for byte as it was composed, under its own envelope', async () => {
      const sink = await relays.aSink();
      const mail = aMail({ to: 'kim@example.com' });
      expect(await relays.aRelay(sink).send(mail, wanted)).toMatchObject({ kind: 'sent', reply: '250 2.0.0 taken' });
      expect(sink.mails).toMatchObject([{ envelope: { from: 'noreply@example.com', to: ['kim@example.com'] }, messageId: mail.messageId }]);
      expect(sink.mails[0]?.raw).toEqual(mail.raw);
    });

    it.each([
      ['lines that begin with dots', ['.', '..', '.hidden', '...', 'end.']],
      ['nothing but dots', Array.from({ length: 50 }, () => '.')],
      ['lines of 998 characters', [`${'x'.repeat(998)}`, `.${'y'.repeat(997)}`]],
      ['a line far longer than SMTP has them', ['z'.repeat(100_000)]],
      ['a quarter of a megabyte', Array.from({ length: 4_000 }, () => `.${randomBytes(30).toString('hex')}`)],
      ['empty lines at the end', ['', '', '']],
    ])('keeps %s', async (_what, lines) => {
      const sink = await relays.aSink();
      const mail = aMail({ lines });
      expect(await relays.aRelay(sink).send(mail, wanted)).toMatchObject({ kind: 'sent' });
      expect(sink.mails[0]?.raw).toEqual(mail.raw);
    });

    it('keeps a dot wherever the body is cut on its way', async () => {
      const sink = await relays.aSink();
      const relay = relays.aRelay(sink);
      const mails = Array.from({ length: 12 }, (_, more) => aMail({ lines: ['x'.repeat(60 + more), '.', '.', `.${'y'.repeat(60)}`] }));
      for (const mail of mails) await relay.send(mail, wanted);
      expect(sink.mails.map(({ raw }) => raw.toString())).toEqual(mails.map(({ raw }) => raw.toString()));
    });

    it('is told of an address beyond ASCII by SMTPUTF8', async () => {
      const sink = await relays.aSink();
      await relays.aRelay(sink).send(aMail({ to: 'käthe@example.com' }), wanted);
      expect(sink.dialogue).toContainEqual(expect.stringMatching(/^C: MAIL FROM:<noreply@example\.com> .*SMTPUTF8/));
      expect(sink.mails[0]?.envelope.to).toEqual(['käthe@example.com']);
    });

    it('does without SMTPUTF8 where only the domain is beyond ASCII', async () => {
      const sink = await relays.aSink({ extensions: ['PIPELINING'] });
      expect(await relays.aRelay(sink).send(aMail({ to: 'kim@bücher.example' }), wanted)).toMatchObject({ kind: 'sent' });
      expect(sink.mails[0]?.envelope.to).toEqual(['kim@xn--bcher-kva.example']);
    });

    it('that has no SMTPUTF8 is not given an address that needs it', async () => {
      const sink = await relays.aSink({ extensions: ['PIPELINING'] });
      const relay = relays.aRelay(sink);
      expect(await relay.send(aMail({ to: 'käthe@example.com' }), wanted)).toMatchObject({ kind: 'rejected', stage: 'rcpt', reply: expect.stringContaining('SMTPUTF8') });
      expect(verbsOf(sink)).not.toContain('RCPT');
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });

    it('that says how much it takes is not given more', async () => {
      const sink = await relays.aSink({ extensions: ['PIPELINING', 'SIZE 1000'] });
      const relay = relays.aRelay(sink);
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect(await relay.send(aMail({ lines: ['x'.repeat(990)] }), wanted)).toMatchObject({ kind: 'rejected', reply: expect.stringContaining('1000') });
      expect(sink.mails).toHaveLength(1);
    });
  });

  describe('keeping connections', () => {
    it('sends one mail after another over one connection', async () => {
      const sink = await relays.aSink();
      const relay = relays.aRelay(sink);
      for (let sent = 0; sent < 50; sent++) await relay.send(aMail(), wanted);
      expect([sink.mails.length, sink.connectionCount]).toEqual([50, 1]);
    });

    it('has no more connections than mails on their way, whatever their number', async () => {
      const sink = await relays.aSink();
      const relay = relays.aRelay(sink, {}, { connections: 5 });
      const sender = async (): Promise<void> => {
        for (let sent = 0; sent < 40; sent++) await relay.send(aMail(), wanted);
      };
      await Promise.all([1, 2, 3, 4, 5].map(sender));
      expect([sink.mails.length, sink.connectionCount]).toEqual([200, 5]);
    });

    it('keeps no more than it was told, and parts from the others politely', async () => {
      const sink = await relays.aSink();
      const relay = relays.aRelay(sink, {}, { connections: 2 });
      await Promise.all(Array.from({ length: 8 }, () => relay.send(aMail(), wanted)));
      await until(() => sink.openConnections, (connections) => connections === 2);
      expect(verbsOf(sink).filter((verb) => verb === 'QUIT')).toHaveLength(6);
    });

    it('begins a new one after 500 mails: relays limit that', async () => {
      const sink = await relays.aSink({ keepDialogue: false, keepRaw: false });
      const relay = relays.aRelay(sink);
      for (let sent = 0; sent < 501; sent++) await relay.send(aMail(), wanted);
      expect(sink.connectionCount).toBe(2);
    });

    it('reaches a host of several addresses while this process has no time for it, for longer than Node.js would wait', async () => {
      const raw = await relays.aRawRelay();
      const addresses = [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }];
      const { lookup } = dns;
      dns.lookup = ((_host: string, _options: unknown, found: (error: null, all: typeof addresses) => void) => found(null, addresses)) as unknown as typeof lookup;
      try {
        const sending = relays.aRelay({ host: 'relay.test', port: raw.port }).send(aMail(), wanted);
        const busyUntil = Date.now() + 300;
        while (Date.now() < busyUntil);
        expect(await sending).toMatchObject({ kind: 'sent' });
      } finally {
        dns.lookup = lookup;
      }
    });

    it('says envelope and DATA at once where PIPELINING is offered', async () => {
      const sink = await relays.aSink();
      const relay = relays.aRelay(sink);
      await relay.send(aMail(), wanted);
      const first = sink.dialogue.findIndex((line) => line.startsWith('C: MAIL'));
      expect(sink.dialogue.slice(first, first + 6).map((line) => line.slice(0, 7))).toEqual(['C: MAIL', 'S: 250 ', 'C: RCPT', 'S: 250 ', 'C: DATA', 'S: 354 ']);
      // A relay that answers MAIL late has the rest already.
      const raw = await relays.aRawRelay({ MAIL: silence });
      const waiting = relays.aRelay(raw, {}, { timeouts: impatient }).send(aMail(), wanted);
      await until(() => raw.heard.map((line) => line.slice(0, 4)), (heard) => heard.includes('DATA'));
      await waiting;
    });

    it('waits for each answer where it is not', async () => {
      const raw = await relays.aRawRelay({ MAIL: silence }, { extensions: [] });
      expect(await relays.aRelay(raw, {}, { timeouts: impatient }).send(aMail(), wanted)).toMatchObject({ kind: 'retry', stage: 'mail' });
      expect(raw.heard.map((line) => line.slice(0, 4))).toEqual(['EHLO', 'MAIL']);
    });

    it.each<[string, Interruption]>([
      ['was closed', { then: 'FIN' }],
      ['was reset', { then: 'RST' }],
      ['was ended with a 421', { say: '421 4.4.2 idle too long\r\n', then: 'FIN' }],
    ])('replaces a kept connection that %s while idle; the mail notices nothing', async (_how, interruption) => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw);
      await relay.send(aMail(), wanted);
      raw.interrupt(interruption);
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
      expect([raw.connectionCount, raw.bodies.length]).toEqual([2, 2]);
    });

    it('replaces a kept connection on which the relay spoke unasked', async () => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw);
      await relay.send(aMail(), wanted);
      raw.interrupt('250 what was that?\r\n');
      await until(() => raw.openConnections, (connections) => connections === 0);
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });

    it('replaces kept connections that have died unnoticed, all of them', async () => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw, {}, { timeouts: impatient });
      await Promise.all([1, 2, 3].map(() => relay.send(aMail(), wanted)));
      raw.answers = { MAIL: silence };
      const sending = relay.send(aMail(), wanted);
      await until(() => raw.connectionCount, (connections) => connections === 4);
      expect(await sending).toMatchObject({ kind: 'retry', stage: 'mail' });
      raw.answers = {};
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });

    it.each<[Moment, string]>([['MAIL', '451 4.3.0 later'], ['RCPT', '550 5.1.1 nobody'], ['RCPT', '451 4.3.0 later'], ['DATA', '451 4.3.0 later'], ['dot', '554 5.7.1 spam']])(
      'does not let a refusal at %s (%s) harm the mail after it',
      async (moment, refusal) => {
        for (const extensions of [['PIPELINING'], []]) {
          const raw = await relays.aRawRelay({ [moment]: `${refusal}\r\n` }, { extensions });
          const relay = relays.aRelay(raw);
          await relay.send(aMail(), wanted);
          raw.answers = {};
          expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
        }
      },
    );
  });

  describe('asking at the 354', () => {
    it('asks once, when the relay has said 354, and before the first byte of the body', async () => {
      const raw = await relays.aRawRelay({ DATA: silence });
      const relay = relays.aRelay(raw);
      let asked = 0;
      let letGo = (_wanted: boolean): void => undefined;
      const sending = relay.send(aMail(), () => {
        asked++;
        return new Promise((resolve) => (letGo = resolve));
      });
      await until(() => raw.heard, (heard) => heard.includes('DATA'));
      expect(asked).toBe(0);
      raw.sayGoOn();
      await until(() => asked, (times) => times === 1);
      expect(raw.bodies).toEqual(['']);
      letGo(true);
      expect(await sending).toMatchObject({ kind: 'sent' });
      expect([asked, raw.bodies[0]?.endsWith('\r\n.\r\n')]).toEqual([1, true]);
    });

    it('asks for each mail of a kept connection', async () => {
      const sink = await relays.aSink({ delayMs: { DATA: 20 } });
      const relay = relays.aRelay(sink);
      const before: string[][] = [];
      for (let sent = 0; sent < 3; sent++) await relay.send(aMail(), async () => before.push(sink.dialogue.slice(-1)) > 0);
      expect(before).toEqual([1, 2, 3].map(() => ['S: 354 go on, end with a dot']));
    });

    it.each([['is not wanted any more', () => Promise.resolve(false)], ['could not be marked', () => Promise.reject(new Error('no database'))]])('withdraws a mail that %s: not a byte of the body goes out', async (_why, onData) => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw);
      expect(await relay.send(aMail(), onData)).toMatchObject({ kind: 'withdrawn' });
      await until(() => raw.openConnections, (connections) => connections === 0);
      expect(raw.bodies).toEqual(['']);
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'sent' });
    });

    it('does not ask about a mail that was refused before', async () => {
      for (const moment of ['MAIL', 'RCPT', 'DATA'] as const) {
        const raw = await relays.aRawRelay({ [moment]: '451 4.3.0 later\r\n' });
        let asked = false;
        await relays.aRelay(raw).send(aMail(), () => Promise.resolve((asked = true)));
        expect([moment, asked]).toEqual([moment, false]);
      }
    });

    it('gives no body to a relay that takes DATA though it has refused the recipient', async () => {
      const raw = await relays.aRawRelay({ RCPT: '550 5.1.1 nobody\r\n', DATA: '354 go on\r\n' });
      expect(await relays.aRelay(raw).send(aMail(), wanted)).toMatchObject({ kind: 'rejected', stage: 'rcpt', reply: '550 5.1.1 nobody' });
      expect(raw.bodies.join('').replace('.\r\n', '')).toBe('');
    });

    it('sends no body when the answer comes too late, or the connection is gone by then', async () => {
      for (const end of ['deadline', 'FIN', 'RST'] as const) {
        const raw = await relays.aRawRelay();
        let letGo = (_wanted: boolean): void => undefined;
        let asked = false;
        const sending = relays.aRelay(raw, {}, end === 'deadline' ? { timeouts: impatient } : {}).send(aMail(), () => {
          asked = true;
          return new Promise((resolve) => (letGo = resolve));
        });
        await until(() => asked);
        if (end !== 'deadline') raw.interrupt({ then: end });
        expect(await sending).toMatchObject({ kind: 'retry', stage: 'data' });
        letGo(true);
        await until(() => raw.openConnections, (connections) => connections === 0);
        expect(raw.bodies).toEqual(['']);
      }
    });
  });

  describe('being closed', () => {
    it('says QUIT on connections that are idle', async () => {
      const sink = await relays.aSink();
      const relay = relays.aRelay(sink);
      await relay.send(aMail(), wanted);
      await relay.close();
      await until(() => sink.openConnections, (connections) => connections === 0);
      expect(verbsOf(sink).at(-1)).toBe('QUIT');
    });

    it.each<[Moment, SendOutcome['kind']]>([['connect', 'retry'], ['EHLO', 'retry'], ['RCPT', 'retry'], ['dot', 'uncertain']])('cuts off a mail that waits at %s', async (moment, kind) => {
      const raw = await relays.aRawRelay({ [moment]: silence });
      const relay = relays.aRelay(raw);
      const sending = relay.send(aMail(), wanted);
      const verbs = { connect: null, EHLO: 'EHLO', RCPT: 'RCPT', dot: 'DATA' }[moment as string];
      await until(() => (verbs === null ? raw.connectionCount > 0 : moment === 'dot' ? raw.bodies.join('').endsWith('\r\n.\r\n') : raw.heard.some((line) => line.startsWith(verbs ?? ''))));
      await relay.close();
      expect(await sending).toMatchObject({ kind });
      await until(() => raw.openConnections, (connections) => connections === 0);
    });

    it('opens no new connection for a mail whose kept one it has just cut', async () => {
      const raw = await relays.aRawRelay();
      const relay = relays.aRelay(raw);
      await relay.send(aMail(), wanted);
      raw.answers = { MAIL: silence };
      const sending = relay.send(aMail(), wanted);
      await until(() => raw.heard.filter((line) => line.startsWith('MAIL')).length, (mails) => mails === 2);
      await relay.close();
      expect(await sending).toMatchObject({ kind: 'retry' });
      expect(await relay.send(aMail(), wanted)).toMatchObject({ kind: 'retry' });
      expect(raw.connectionCount).toBe(1);
    });
  });
});
